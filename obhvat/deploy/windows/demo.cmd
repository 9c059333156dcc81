"%~dp0program\python.exe" -m obhvat launch --demo
if errorlevel 1 pause
