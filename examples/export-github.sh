#!/bin/sh
# Writes into a folder what `holdfast ingest github` reads of an organisation, with gh (logged in).
#
#   export-github.sh ORGANISATION FOLDER
#
# Each file is called by the address that it was read from, as most answers do not say what they
# are about, and has beside it how and when it was read. What may not be read is told and left out;
# nothing that it would have held is ended then.
set -eu

organisation=$1
folder=$2
read_at=$(date -u +%Y-%m-%dT%H:%M:%SZ)

# fetch ADDRESS [NAME]: NAME is what the file is called, if not by the address.
fetch() {
    name=${2:-$1}
    file=$folder/$name.json
    mkdir -p "$(dirname "$file")"
    if gh api --paginate --slurp "$1" >"$file.part"; then
        mv "$file.part" "$file"
        printf '{"command": "gh api --paginate --slurp %s", "filters": [], "scope": "%s", "read_at": "%s"}\n' \
            "$1" "$name" "$read_at" >"$file.read.json"
    else
        rm -f "$file.part"
        echo "not read: $1" >&2
    fi
}

# names ADDRESS FILTER: one name a line, escaped as they stand in addresses; none if there are none.
names() {
    gh api --paginate "$1" --jq "$2" || true
}

of=orgs/$organisation
fetch "$of"
fetch "$of/repos"
fetch "$of/members"
fetch "$of/members?role=admin" "$of/owners"
fetch "$of/teams"
fetch "$of/installations"
fetch "$of/actions/secrets"
fetch "$of/actions/variables"
fetch "$of/actions/oidc/customization/sub"
for secret in $(names "$of/actions/secrets" '.secrets[] | select(.visibility == "selected") | .name'); do
    fetch "$of/actions/secrets/$secret/repositories"
done
for team in $(names "$of/teams" '.[].slug'); do
    fetch "$of/teams/$team/members"
    fetch "$of/teams/$team/repos"
done
for repository in $(names "$of/repos" '.[].full_name'); do
    of=repos/$repository
    fetch "$of/environments"
    fetch "$of/keys"
    fetch "$of/collaborators?affiliation=direct" "$of/collaborators"
    fetch "$of/actions/secrets"
    fetch "$of/actions/variables"
    fetch "$of/actions/oidc/customization/sub"
    fetch "$of/contents/.github/CODEOWNERS" "$of/contents/CODEOWNERS"
    for environment in $(names "$of/environments" '.environments[].name | @uri'); do
        fetch "$of/environments/$environment/secrets"
        fetch "$of/environments/$environment/variables"
    done
done
