"%~dp0program\python.exe" -m obhvat.door.double_click --demo
if errorlevel 1 pause
