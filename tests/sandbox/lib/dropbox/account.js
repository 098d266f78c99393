// SPDX-License-Identifier: Apache-2.0
// One person's Dropbox account: identity, namespaces, quota.

import { Drive } from '../kernel/drive.js';

export class Account {
  // fill(drive) puts the sample files in.
  constructor(person, { clock, fill }) {
    this.person = person;
    this.id = `dbid:AAB${person.key.slice(0, 32)}`;
    this.homeNamespace = String(person.number);
    this.rootNamespace = person.team ? String(person.number + 500) : this.homeNamespace;
    this.home = new Drive({ clock, owner: `dropbox/${person.email}`, allocated: person.allocated });
    fill(this.home);
    if (person.freeOnly !== undefined) this.home.usedElsewhere = person.allocated - this.home.usedByFiles - person.freeOnly;
    this.namespaces = new Map([[this.homeNamespace, this.home]]);
    if (person.team) {
      const team = new Drive({ clock, owner: `dropbox-team/${person.team}`, allocated: person.allocated });
      team.makeFolder([person.name], 'team');
      team.makeFolder(['Team documents', 'Minutes'], 'team');
      this.namespaces.set(this.rootNamespace, team);
    }
  }

  driveOf(number) {
    return this.namespaces.get(number);
  }

  rootInfo() {
    const common = { root_namespace_id: this.rootNamespace, home_namespace_id: this.homeNamespace };
    if (!this.person.team) return { '.tag': 'user', ...common };
    return { '.tag': 'team', ...common, home_path: `/${this.person.name}` };
  }

  describe() {
    const { person } = this;
    return {
      account_id: this.id,
      name: {
        given_name: person.given,
        surname: person.family,
        familiar_name: person.given,
        display_name: person.name,
        abbreviated_name: person.given[0] + person.family[0],
      },
      email: person.email,
      email_verified: person.verified,
      disabled: false,
      country: person.country,
      locale: 'en',
      referral_link: `https://www.dropbox.com/referrals/${person.key.slice(0, 16)}`,
      is_paired: false,
      account_type: { '.tag': person.plan },
      root_info: this.rootInfo(),
      ...(person.team
        ? {
            team: { id: 'dbtid:AAFsandboxExampleTeam000001', name: person.team },
            team_member_id: `dbmid:AAH${person.key.slice(0, 32)}`,
          }
        : {}),
    };
  }

  spaceUsage() {
    const { used, allocated } = this.home;
    if (!this.person.team) return { used, allocation: { '.tag': 'individual', allocated } };
    return {
      used,
      allocation: {
        '.tag': 'team',
        used,
        allocated,
        user_within_team_space_allocated: 0,
        user_within_team_space_limit_type: { '.tag': 'off' },
        user_within_team_space_used_cached: used,
      },
    };
  }
}
