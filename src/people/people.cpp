// SPDX-License-Identifier: Apache-2.0
#include "people/people.h"

#include "core/log.h"
#include "core/name.h"
#include "core/random.h"
#include "people/secret.h"
#include "people/typed.h"

#include <sodium.h>

namespace connector {

namespace {

constexpr std::size_t kLongestName = 64; // letters

using Clock = std::chrono::steady_clock;

Error gone()
{
    return Error{Errc::NotFound, "no such person", "people", {}, 0, {}, "person-gone"};
}

Error failed()
{
    return Error{Errc::Unauthenticated, "name or secret do not fit", "people", {}, 0, {}, "sign-in-failed"};
}

Person personOf(const PersonRow &row)
{
    return {row.id,
            row.name,
            row.directory,
            row.administrator,
            row.open,
            row.passwordHash.has_value(),
            row.pinKey.has_value(),
            row.cardKey.has_value(),
            row.createdAt,
            row.lastSignedInAt};
}

constexpr const char *kPasswords = "password"; // what their hashes are for

bool same(const std::string &a, const std::string &b)
{
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace

std::string ownerOf(const Person &person)
{
    return "person:" + person.id;
}

// A sign-in under way.
struct People::Try {
    Claim asked;
    bool methodOff = false; // let in for administrators
    Clock::time_point since = Clock::now();
    std::vector<TryDoor> doors;
    std::optional<PersonRow> row;
    std::optional<std::string> newHash; // in place of one from before secrets were hashed with the master key
    std::stop_token stop;
    std::function<void(Result<SignedIn>)> done;
};

People::People(Needs needs)
    : m_needs(std::move(needs)), m_table(m_needs.db, m_needs.vault), m_throttle(m_needs.db, m_needs.bootClock)
{
    (void)nobodysHash(); // made now: the first sign-in takes no longer than others
}

People::~People()
{
    *m_alive = false;
}

Result<std::vector<Person>> People::list()
{
    auto rows = m_table.all();
    if (!rows)
        return std::move(rows).error();
    std::vector<Person> people;
    for (const PersonRow &row : *rows)
        people.push_back(personOf(row));
    return people;
}

Result<Person> People::find(const std::string &id)
{
    auto row = m_table.find(id);
    if (!row)
        return std::move(row).error();
    if (!*row)
        return gone();
    return personOf(**row);
}

Result<bool> People::hasAdministrator()
{
    auto rows = m_table.all();
    if (!rows)
        return std::move(rows).error();
    return std::any_of(rows->begin(), rows->end(), [](const PersonRow &row) { return row.administrator; });
}

std::string People::idOf(const Claim &claim)
{
    if (claim.method != "list" && claim.method != "password")
        return {};
    const auto row = claim.method == "list" ? m_table.find(claim.person) : m_table.findOwnName(nameKey(claim.name));
    return row && *row ? (*row)->id : std::string();
}

void People::signIn(const Claim &asked, std::stop_token stop, std::function<void(Result<SignedIn>)> done)
{
    auto attempt = std::make_shared<Try>();
    attempt->asked = asked;
    attempt->stop = std::move(stop);
    attempt->done = std::move(done);
    const auto &methods = m_needs.settings.get().signInMethods;
    attempt->methodOff = std::find(methods.begin(), methods.end(), asked.method) == methods.end();
    if (attempt->methodOff && asked.method != "password")
        return attempt->done(
            Error{Errc::PermissionDenied, "this way to sign in is off", "people", {}, 0, {}, "sign-in-method-off"});

    using std::chrono::seconds;
    const bool alone = asked.method == "pin" || asked.method == "card"; // finds its person without a name
    const std::string side = asked.network ? "network " : "";
    attempt->doors = {{side + "total", false, seconds{30}, 60},
                      {side + "method:" + asked.method, false, alone ? seconds{300} : seconds{60}, alone ? 10 : 30}};

    Result<std::optional<PersonRow>> found = std::optional<PersonRow>{};
    if (asked.method == "pin") {
        found = m_table.findPin(m_needs.vault.keyedHash("pin", asked.secret));
    } else if (asked.method == "card") {
        const auto number = cardNumber(asked.secret);
        found = m_table.findCard(m_needs.vault.keyedHash("card", number ? *number : std::string()));
    } else {
        const std::string key = nameKey(asked.name);
        found = asked.method == "list" ? m_table.find(asked.person) : m_table.findOwnName(key);
        if (asked.method == "list" && found && *found && (*found)->directory)
            found->reset();
        // One door for a name, however it is said; those whom nobody knows have theirs too. The name itself is not
        // kept: somebody may have typed a password there.
        const std::string name = found && *found ? (*found)->nameKey : asked.method == "list" ? asked.person : key;
        attempt->doors.push_back({side + "name:" + m_needs.vault.keyedHash("name", name), true, seconds{0}, 0});
    }
    if (!found)
        return attempt->done(found.error());
    attempt->row = *std::move(found);

    if (const auto wait = m_throttle.waitFor(attempt->doors); wait.count() > 0)
        return attempt->done(
            Error{Errc::RateLimited, "too many wrong tries", "people", {}, 0, wait, "sign-in-throttled"});
    if (auto counted = m_throttle.count(attempt->doors); !counted)
        return attempt->done(counted.error()); // an uncounted try must not tell right from wrong
    if (alone)
        return checked(attempt, failed(), attempt->row.has_value());

    // Whatever the name is, one hash is worked through, on a worker.
    Directory *const directory = asked.method == "password" ? m_needs.directory : nullptr;
    const bool byPin = asked.method == "list" && attempt->row && attempt->row->pinKey;
    const bool pinFits = byPin && same(*attempt->row->pinKey, m_needs.vault.keyedHash("pin", asked.secret));
    const std::string hash = attempt->row && attempt->row->passwordHash ? *attempt->row->passwordHash : nobodysHash();
    m_needs.workers.post([this, alive = m_alive, attempt, directory, byPin, pinFits, hash](std::stop_token poolStop) {
        const std::string password = typedPassword(attempt->asked.secret);
        const bool hashFits = secretMatches(m_needs.vault, kPasswords, hash, password);
        if (hashFits && !isKeyed(hash))
            if (auto again = hashSecret(m_needs.vault, kPasswords, password))
                attempt->newHash = *std::move(again);
        Result<DirectoryPerson> known = failed();
        // For a name of this device's own the directory is asked, too, when the password is wrong: about nobody, so
        // that neither its time nor its failing tells which names are ours, and no password of ours goes to it.
        const bool ours = attempt->row.has_value();
        if (directory != nullptr && !(ours && hashFits)) {
            std::stop_source either;
            const std::stop_callback onPool(poolStop, [&either] { either.request_stop(); });
            const std::stop_callback onAsker(attempt->stop, [&either] { either.request_stop(); });
            Call call;
            call.stop = either.get_token();
            known = ours ? directory->check(makeUuid(), password.empty() ? "" : makeUuid(), call)
                         : directory->check(attempt->asked.name, password, call);
            if (ours && known)
                known = failed();
        }
        const bool matches = byPin ? pinFits : hashFits;
        m_needs.actor.post([this, alive, attempt, known = std::move(known), matches](std::stop_token) {
            if (*alive)
                checked(attempt, known, matches);
        });
    });
}

void People::checked(const std::shared_ptr<Try> &attempt, Result<DirectoryPerson> known, bool matches)
{
    if (attempt->stop.stop_requested())
        return refuse(attempt, Error{Errc::Cancelled, "left meanwhile", "people"});
    auto &row = attempt->row;
    if (known) {
        auto made = fromDirectory(*known);
        if (!made)
            return attempt->done(made.error());
        row = *std::move(made);
        matches = true;
    } else if (known.error().stable != "sign-in-failed") {
        log::warning("people", "the directory: " + describe(known.error()));
        return refuse(attempt, known.error());
    } else if (row) {
        // Changed or removed while the secret was looked at.
        auto now = m_table.find(row->id);
        matches = now && *now && (*now)->passwordHash == row->passwordHash && (*now)->pinKey == row->pinKey &&
                  (*now)->cardKey == row->cardKey && (matches || (attempt->asked.method == "list" && (*now)->open));
        if (now && *now)
            row = **std::move(now);
    }
    const bool administrator = row && row->administrator && attempt->asked.method == "password";
    if (!row || !matches || (attempt->methodOff && !administrator)) {
        Error error = failed();
        if (attempt->methodOff)
            error =
                Error{Errc::PermissionDenied, "this way to sign in is off", "people", {}, 0, {}, "sign-in-method-off"};
        return refuse(attempt, error);
    }
    if (auto r = m_throttle.forgive(attempt->doors); !r)
        return attempt->done(r.error());
    row->lastSignedInAt = m_needs.now();
    if (attempt->newHash)
        row->passwordHash = attempt->newHash;
    auto stored = store(*row);
    if (!stored)
        return attempt->done(stored.error());
    attempt->done(SignedIn{*std::move(stored), administrator});
}

// Every failure is answered at the same time after the question.
void People::refuse(const std::shared_ptr<Try> &attempt, Error error)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(attempt->since + m_needs.failureTime - Clock::now());
    m_needs.actor.postAfter(std::max(left, std::chrono::milliseconds{0}),
                            [alive = m_alive, attempt, error = std::move(error)](std::stop_token) {
                                if (*alive)
                                    attempt->done(error);
                            });
}

Result<PersonRow> People::fromDirectory(const DirectoryPerson &known)
{
    auto found = m_table.find(known.id);
    if (!found)
        return std::move(found).error();
    if (*found && !(*found)->directory) // a directory does not decide who has an account of this device's own
        return failed();
    PersonRow row;
    if (*found)
        row = **std::move(found);
    else
        row.createdAt = m_needs.now();
    row.id = known.id;
    row.name = known.name;
    row.nameKey = nameKey(known.name);
    row.directory = true;
    row.administrator = known.administrator;
    return row;
}

void People::add(const PersonChange &person, const Answer &done)
{
    hashed(person, done, [this, person](std::optional<std::string> hash) -> Result<Person> {
        PersonRow row;
        row.id = makeUuid();
        row.createdAt = m_needs.now();
        PersonChange named = person;
        named.name = person.name.value_or("");
        return put(std::move(row), named, std::move(hash));
    });
}

void People::change(const std::string &id, const PersonChange &change, const Answer &done)
{
    hashed(change, done, [this, id, change](std::optional<std::string> hash) -> Result<Person> {
        auto row = m_table.find(id);
        if (!row)
            return std::move(row).error();
        if (!*row)
            return gone();
        if ((*row)->directory)
            return Error{Errc::Unsupported, "the directory decides about its people", "people"};
        return put(**std::move(row), change, std::move(hash));
    });
}

// Hashes the change's password, where it has one, on a worker; then stores what came of it in one go on the actor.
void People::hashed(const PersonChange &change, const Answer &done,
                    std::function<Result<Person>(std::optional<std::string> hash)> then)
{
    if (!change.password || change.password->empty())
        return done(then(std::nullopt));
    auto password = newPassword(*change.password);
    if (!password)
        return done(password.error());
    m_needs.workers.post(
        [this, alive = m_alive, done, then = std::move(then), password = *std::move(password)](std::stop_token) {
            auto hash = hashSecret(m_needs.vault, kPasswords, password);
            m_needs.actor.post([alive, done, then, hash = std::move(hash)](std::stop_token) {
                if (*alive)
                    done(hash ? then(*hash) : Result<Person>(hash.error()));
            });
        });
}

Result<Person> People::put(PersonRow row, const PersonChange &change, std::optional<std::string> hash)
{
    if (change.name) {
        auto name = checkedName(*change.name, kLongestName);
        if (!name)
            return std::move(name).error();
        row.name = *std::move(name);
        row.nameKey = nameKey(row.name);
    }
    if (change.pin) {
        row.pinKey.reset();
        if (!change.pin->empty()) {
            auto pin = personPin(*change.pin);
            if (!pin)
                return std::move(pin).error();
            row.pinKey = m_needs.vault.keyedHash("pin", *pin);
        }
    }
    if (change.card) {
        row.cardKey.reset();
        if (!change.card->empty()) {
            auto card = cardNumber(*change.card);
            if (!card)
                return std::move(card).error();
            row.cardKey = m_needs.vault.keyedHash("card", *card);
        }
    }
    if (change.password)
        row.passwordHash = std::move(hash);
    const bool wasAdministrator = row.administrator;
    row.administrator = change.administrator.value_or(row.administrator);
    row.open = change.open.value_or(row.open);
    if (row.administrator && (row.open || !row.passwordHash))
        return Error{Errc::InvalidArgument, "an administrator has a password", "people", {}, 0, {}, "password-invalid"};
    if (wasAdministrator && !row.administrator) {
        auto last = isLastAdministrator(row);
        if (!last)
            return std::move(last).error();
        if (*last)
            return Error{Errc::Conflict, "somebody must administer", "people", {}, 0, {}, "last-administrator"};
    }
    return store(row);
}

Result<Person> People::store(const PersonRow &row)
{
    auto stored = m_table.put(row);
    if (stored)
        return personOf(row);
    if (stored.error().code != Errc::Conflict)
        return stored.error();
    Error error = stored.error();
    const auto another = [&](Result<std::optional<PersonRow>> found) {
        return found && *found && (*found)->id != row.id;
    };
    error.message = "another person has it";
    error.stable = "name-taken";
    if (row.pinKey && another(m_table.findPin(*row.pinKey)))
        error.stable = "pin-taken";
    else if (row.cardKey && another(m_table.findCard(*row.cardKey)))
        error.stable = "card-taken";
    return error;
}

Result<bool> People::isLastAdministrator(const PersonRow &row)
{
    auto rows = m_table.all();
    if (!rows)
        return std::move(rows).error();
    return std::none_of(rows->begin(), rows->end(), [&](const PersonRow &other) {
        return other.administrator && !other.directory && other.id != row.id;
    });
}

Result<Person> People::mayRemove(const std::string &id)
{
    auto row = m_table.find(id);
    if (!row)
        return std::move(row).error();
    if (!*row)
        return gone();
    if ((*row)->administrator && !(*row)->directory) {
        auto last = isLastAdministrator(**row);
        if (!last)
            return std::move(last).error();
        if (*last)
            return Error{Errc::Conflict, "somebody must administer", "people", {}, 0, {}, "last-administrator"};
    }
    return personOf(**row);
}

Result<void> People::remove(const std::string &id)
{
    if (auto person = mayRemove(id); !person)
        return std::move(person).error();
    return m_table.remove(id);
}

} // namespace connector
