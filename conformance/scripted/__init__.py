"""Running the scripts of the folder ``scripts``: plain ones, as users of the Butler write them."""
