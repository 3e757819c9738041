"""The register of algorithms (算法备案): versions, states, signatures, spot checks, papers."""
