@echo off
chcp 65001 >nul
call "%~dp0обхват.cmd" --demo
