@echo off
chcp 65001 >nul
title обхват
if not exist "%~dp0program\python.exe" (
    echo До този файл няма папка „program“. Ако сте отворили ZIP: първо го разархивирайте,
    echo с десен бутон и „Извличане на всички“, и пуснете „{name}“ от новата папка.
    pause
    exit /b 1
)
