"""Many runs beside each other: each leaves a result, a sweep is a folder of them, a report compares their arms."""
