"""What stands between the network and the views: headers, preferences, the gate, and errors as pages."""
