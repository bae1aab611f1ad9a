"""What a seller can do about a case: the matrices as data, evaluated by pure functions. All of it is advice."""
