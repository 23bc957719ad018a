"""requests in a plain loop: one user, one page after the other."""

import common
import requests
import requests_page
import store

args = common.arguments()
with store.Store(args.database) as database, requests.Session() as session:
    for login in args.logins:
        for page in requests_page.fetch_user(session, args.base_url, login):
            database.add(page)
