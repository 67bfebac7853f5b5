"""A small estate in a database, in the shape in which Cartography 0.143 writes it (by its models)."""

from __future__ import annotations

from typing import Final

OLD, NEW = 1795000000, 1795068000
"""Two runs, as Cartography tags them: seconds since 1970."""

ACCOUNT, OTHER = "214365870912", "305070110130"
PLANTED: Final = "planted-value"

FILL: Final = """
CREATE (a:AWSAccount:Tenant {id: $account, name: 'fairbank', lastupdated: $new})
CREATE (b:AWSAccount:Tenant {id: $other, name: 'research', lastupdated: $old})

CREATE (ci:AWSRole:AWSPrincipal:PermissionRole
  {id: $arn + 'role/score-training-ci', arn: $arn + 'role/score-training-ci', name: 'score-training-ci',
   lastupdated: $new})
CREATE (trainer:AWSRole:AWSPrincipal:PermissionRole
  {id: $arn + 'role/score-trainer', arn: $arn + 'role/score-trainer', name: 'score-trainer',
   lastupdated: $new})
CREATE (export:AWSUser:AWSPrincipal:UserAccount
  {id: $arn + 'user/report-export', arn: $arn + 'user/report-export', name: 'report-export',
   lastupdated: $new,
   secret_note: 'planted-value-in-a-property-that-no-mapping-names'})
CREATE (ada:AWSUser:AWSPrincipal:UserAccount
  {id: $arn + 'user/ada@fairbank.example', arn: $arn + 'user/ada@fairbank.example',
   name: 'ada@fairbank.example', lastupdated: $new})
CREATE (analysts:AWSGroup:AWSPrincipal:UserGroup
  {id: $arn + 'group/analysts', arn: $arn + 'group/analysts', name: 'analysts', lastupdated: $new})
CREATE (root:AWSRootPrincipal:AWSPrincipal {id: $arn + 'root', arn: $arn + 'root', lastupdated: $new})
CREATE (key:AWSAccountAccessKey:AccountAccessKey:APIKey
  {id: $key, accesskeyid: $key, status: 'Active', createdate: '2025-03-01 08:00:00+00:00', lastupdated: $new})
CREATE (bucket:AWSS3Bucket:S3Bucket
  {id: 'fairbank-features', name: 'fairbank-features', arn: 'arn:aws:s3:::fairbank-features',
   region: 'eu-west-1', lastupdated: $new})
CREATE (secret:AWSSecretsManagerSecret:SecretsManagerSecret:Secret
  {id: $secret, arn: $secret, name: 'loan-db', created_date: 1740816000, rotation_enabled: false,
   description: 'password=planted-value-in-a-description', lastupdated: $new})
CREATE (function:AWSLambda {id: $function, arn: $function, name: 'score', region: 'eu-west-1',
   runtime: 'python3.12', lastupdated: $new})
CREATE (statement:AWSPolicyStatement {id: 'p/statement/1', action: ['s3:GetObject'], lastupdated: $new})
CREATE (lab:AWSRole:AWSPrincipal:PermissionRole
  {id: $elsewhere, arn: $elsewhere, name: 'lab', lastupdated: $old})

FOREACH (x IN [ci, trainer, export, ada, analysts, root, key, bucket, secret, function] |
  CREATE (a)-[:RESOURCE {lastupdated: $new}]->(x))
CREATE (b)-[:RESOURCE {lastupdated: $old}]->(lab)
CREATE (export)-[:AWS_ACCESS_KEY {lastupdated: $new}]->(key)
CREATE (ada)-[:MEMBER_AWS_GROUP {lastupdated: $new}]->(analysts)
CREATE (export)-[:STS_ASSUMEROLE_ALLOW {lastupdated: $new}]->(trainer)
CREATE (trainer)-[:TRUSTS_AWS_PRINCIPAL {lastupdated: $new}]->(export)
CREATE (ci)-[:TRUSTS_AWS_PRINCIPAL {lastupdated: $new}]->(root)
CREATE (function)-[:STS_ASSUMEROLE_ALLOW {lastupdated: $new}]->(trainer)
CREATE (trainer)-[:CAN_READ {lastupdated: $new, has_condition: false}]->(bucket)
CREATE (trainer)-[:GET_SECRET {lastupdated: $new, has_condition: false}]->(secret)
CREATE (analysts)-[:GET_SECRET {lastupdated: $new, has_condition: true,
   conditions: '{"StringEquals": "planted-value-in-a-condition"}'}]->(secret)
CREATE (ci)-[:GET_SECRET {lastupdated: $new}]->(secret)
CREATE (ci)-[:CAN_PASS_ROLE {lastupdated: $new, has_condition: false}]->(trainer)

CREATE (org:GitHubOrganization:Tenant
  {id: 'https://github.com/fairbank', username: 'fairbank', lastupdated: $new})
CREATE (repo:GitHubRepository:CodeRepository
  {id: 'https://github.com/fairbank/score-training', url: 'https://github.com/fairbank/score-training',
   fullname: 'fairbank/score-training', name: 'score-training',
   description: 'password=planted-value-of-a-description', archived: false, private: true,
   lastupdated: $new})
CREATE (attic:GitHubRepository:CodeRepository
  {id: 'https://github.com/fairbank/attic', url: 'https://github.com/fairbank/attic',
   fullname: 'fairbank/attic', name: 'attic', archived: true, private: true,
   lastupdated: $new})
CREATE (team:GitHubTeam:UserGroup
  {id: 'https://github.com/orgs/fairbank/teams/ml', name: 'ml', lastupdated: $new})
CREATE (user:GitHubUser:UserAccount
  {id: 'https://github.com/ada-l', username: 'ada-l', fullname: 'Ada L.', email: 'ada@fairbank.example',
   lastupdated: $new})
CREATE (token:GitHubActionsSecret:Secret
  {id: 'https://github.com/fairbank/score-training/actions/secrets/MODEL_STORE', name: 'MODEL_STORE',
   level: 'repository', lastupdated: $new})
CREATE (variable:GitHubActionsVariable {id: 'v', name: 'API_KEY', value: 'planted-value-of-a-variable',
   lastupdated: $new})
CREATE (repo)-[:OWNER {lastupdated: $new}]->(org), (attic)-[:OWNER {lastupdated: $new}]->(org)
CREATE (org)-[:RESOURCE {lastupdated: $new}]->(team), (org)-[:RESOURCE {lastupdated: $new}]->(token)
CREATE (user)-[:MEMBER_OF {lastupdated: $new}]->(org)
CREATE (user)-[:MAINTAINER {lastupdated: $new}]->(team)
CREATE (team)-[:WRITE {lastupdated: $new}]->(repo), (team)-[:WRITE {lastupdated: $new}]->(attic)
CREATE (team)-[:ADMIN {lastupdated: $new}]->(attic)
CREATE (repo)-[:HAS_SECRET {lastupdated: $new}]->(token)
"""

VALUES: Final = {
    "account": ACCOUNT,
    "other": OTHER,
    "old": OLD,
    "new": NEW,
    "arn": f"arn:aws:iam::{ACCOUNT}:",
    "key": "AKIA" + "Q3XAMPLE4FAIRBNK",
    "secret": f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:loan-db-a1B2c3",
    "function": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:score",
    "elsewhere": f"arn:aws:iam::{OTHER}:role/lab",
}
