"""Every remedy of a check about the inside of a host, put in force on a broken host and measured again."""
