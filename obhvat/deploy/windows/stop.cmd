@echo off
chcp 65001 >nul
title обхват
"%~dp0program\python.exe" -m obhvat stop
"%~dp0program\python.exe" -m obhvat stop --demo
if errorlevel 1 pause
