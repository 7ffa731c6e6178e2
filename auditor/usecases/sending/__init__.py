"""Hand one message to the service that takes it on: a mail server, Telegram, or a webhook."""
