"%~dp0program\python.exe" -m obhvat.door.double_click --stop
if errorlevel 1 pause
