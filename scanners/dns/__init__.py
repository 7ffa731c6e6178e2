"""What the public name system says about one domain: signing, redundancy, mail policy, forgotten names."""
