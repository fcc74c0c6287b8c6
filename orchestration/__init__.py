"""The command line of Boussole: it runs dbt, publishes what was built, and says what happened."""
