"%~dp0program\python.exe" -m obhvat launch %*
if errorlevel 1 pause
