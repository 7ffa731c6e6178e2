"""Reports render a finished audit; they compute no verdict, no score and no threshold."""
