"""Pages of people, one topic a file: sign_in, me, my_data, second_factor, tokens, organisations, demo."""
