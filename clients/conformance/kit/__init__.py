"""What the checks are made with: drivers, servers real and scripted, and what stands between them."""
