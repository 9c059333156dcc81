from obhvat.cli import main

main()
