"""The matching engine: tokens × terms → matches, their context and their negation, on integer columns."""
