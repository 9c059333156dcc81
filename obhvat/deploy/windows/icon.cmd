set "here=%~dp0"
powershell -NoProfile -Command "$s = New-Object -ComObject WScript.Shell; $l = $s.CreateShortcut([IO.Path]::Combine($s.SpecialFolders.Item('Desktop'), 'обхват.lnk')); $l.TargetPath = $env:here + 'обхват.cmd'; $l.WorkingDirectory = $env:here; $l.IconLocation = $env:here + 'program\obhvat.ico'; $l.WindowStyle = 7; $l.Save()"
if errorlevel 1 (
    echo Иконата не се направи. С десен бутон върху „обхват.cmd“ изберете „Изпращане до“, „Работен плот“.
    pause
)
