"""What people's heads and faces do while they talk: tracked, cleaned, and made into numbers."""
