"""The one exception for everything that a user can mend."""


class InputError(ValueError):
    """Bad input, told so that the user can mend it.

    Parameters
    ----------
    where : str
        The file, and the line or item in it, for example ``"proteome.faa, line 12"``.
    what : str
        What is wrong there.
    cure : str
        What the user should do about it.
    """

    def __init__(self, where: str, what: str, cure: str) -> None:
        self.where, self.what, self.cure = where, what, cure
        super().__init__(f"{where}: {what}. {cure}.")
