"""What one can do with people, one topic a file: sign_in, codes, accounts, consents, tokens, organisations,
erasure, contact.
"""
