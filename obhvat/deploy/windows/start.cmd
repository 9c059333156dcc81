"%~dp0program\python.exe" -m obhvat.door.double_click %*
if errorlevel 1 pause
