// SPDX-License-Identifier: Apache-2.0
// The people of this device: their accounts, and who somebody at a face is.
#pragma once

#include "core/task_queue.h"
#include "people/directory.h"
#include "people/throttle.h"
#include "store/settings.h"
#include "store/vault.h"

namespace connector {

struct Person {
    std::string id;
    std::string name;
    bool directory = false; // known by a directory, which alone changes name, password and role
    bool administrator = false;
    bool open = false; // signs in from the list without a secret
    bool hasPassword = false;
    bool hasPin = false;
    bool hasCard = false;
    WallTime createdAt{};
    std::optional<WallTime> lastSignedInAt;
};

// Whose a person's profiles, jobs and shortcuts are.
std::string ownerOf(const Person &person);

// Who somebody says to be, and the proof.
struct Claim {
    std::string method; // "list", "password", "pin", "card"
    std::string person; // its id, with "list"
    std::string name;   // with "password"
    std::string secret;
    bool network = false; // from afar: counted apart, so that it never locks out who stands there
};

struct SignedIn {
    Person person;
    bool administrator = false; // may administer in this session: an administrator who gave the password
};

// What an administrator sets. An absent field stays; an empty secret is taken away.
struct PersonChange {
    std::optional<std::string> name = {};
    std::optional<bool> administrator = {};
    std::optional<bool> open = {};
    std::optional<std::string> password = {};
    std::optional<std::string> pin = {};
    std::optional<std::string> card = {};
};

// All calls on the actor's thread; callbacks come there too, or are dropped when this ends first.
class People {
public:
    struct Needs {
        TaskQueue &actor;
        WorkerPool &workers; // hashing, and asking the directory
        Database &db;
        Vault &vault;
        SettingsStore &settings;
        Directory *directory = nullptr; // none where null
        WallClock now = systemNow;
        BootClock bootClock = BootClock::system();
        // When a sign-in that failed is answered at the earliest, so that the time tells nothing about why.
        std::chrono::milliseconds failureTime{1000};
    };
    using Answer = std::function<void(Result<Person>)>;

    explicit People(Needs needs);
    ~People();

    Result<std::vector<Person>> list();         // by name
    Result<Person> find(const std::string &id); // NotFound (stable "person-gone")
    Result<bool> hasAdministrator();
    // Whom a claim names, "" where that is nobody of this device: what was typed for a name may have been a secret.
    std::string idOf(const Claim &claim);

    // Unauthenticated ("sign-in-failed") for whatever does not fit, RateLimited ("sign-in-throttled", with retryAfter),
    // Unavailable ("directory-unreachable"), PermissionDenied ("sign-in-method-off"). Administrators are let in by
    // their password also where that method is off: they must be able to switch it on.
    void signIn(const Claim &asked, std::stop_token stop, std::function<void(Result<SignedIn>)> done);

    // InvalidArgument ("name-invalid", "password-invalid", "pin-invalid", "card-invalid"), Conflict ("name-taken",
    // "pin-taken", "card-taken": never whose; "last-administrator"), Unsupported for what a directory decides.
    void add(const PersonChange &person, const Answer &done);
    void change(const std::string &id, const PersonChange &change, const Answer &done);
    // What belongs to the person is the caller's to remove, before.
    Result<Person> mayRemove(const std::string &id);
    Result<void> remove(const std::string &id);

private:
    struct Try;
    void checked(const std::shared_ptr<Try> &attempt, Result<DirectoryPerson> known, bool matches);
    void refuse(const std::shared_ptr<Try> &attempt, Error error);
    Result<PersonRow> fromDirectory(const DirectoryPerson &known);
    void hashed(const PersonChange &change, const Answer &done,
                std::function<Result<Person>(std::optional<std::string> hash)> then);
    Result<Person> put(PersonRow row, const PersonChange &change, std::optional<std::string> hash);
    Result<Person> store(const PersonRow &row);
    Result<bool> isLastAdministrator(const PersonRow &row);

    Needs m_needs;
    PersonTable m_table;
    SignInThrottle m_throttle;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace connector
