"""What carriers' tracking pages say."""
