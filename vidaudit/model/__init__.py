"""The frozen values that flow through vidaudit. Standard library and numpy only; imports nothing else of ours."""
