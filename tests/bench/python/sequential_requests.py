"""requests in a plain loop: one user, one page after the other."""

import common
import requests
import requests_page

args = common.arguments()
with common.Store(args.database) as store, requests.Session() as session:
    for login in args.logins:
        for page in requests_page.fetch_user(session, args.base_url, login):
            store.add(page)
