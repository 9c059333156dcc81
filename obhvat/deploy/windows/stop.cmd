"%~dp0program\python.exe" -m obhvat stop
if errorlevel 1 pause
"%~dp0program\python.exe" -m obhvat stop --demo
if errorlevel 1 pause
