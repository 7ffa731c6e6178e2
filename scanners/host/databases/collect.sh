# databases
