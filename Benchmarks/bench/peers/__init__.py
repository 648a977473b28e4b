"""What walletd is measured beside. Each peer knows how to start, to be measured and to stop."""
