# backups
