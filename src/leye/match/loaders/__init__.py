"""Files of other houses in the columns of this room, so that owners of such data can repeat every table. One module a format."""
