"""The embedded databases and the questions written about them. Nothing is downloaded but packages."""
