// SPDX-License-Identifier: Apache-2.0
// What belongs to a person is not there for anybody else: tried with every method that the API has, by its own
// description, so that a method that is added is tried too.
#include "core/files.h"
#include "tests/component/api/api_house.h"
#include "tests/support/pdf.h"

namespace connector::test {
namespace {

using Answer = InProcessFace::Answer;
using Ids = std::map<std::string, std::string>; // what an example calls it -> what it is

// Methods that reach nothing of anybody's by an id, each with the reason. A method that is neither here nor shown below
// to reach what its owner has fails the test.
const std::set<std::string> &harmless()
{
    static const std::set<std::string> methods{
        "system.hello",      "system.status",   "settings.get",    "settings.set",
        "providers.list",                   // the device
        "printer.get",       "scanner.get", // the same
        "session.get",       "session.signIn",  "session.signOut", "session.touch",
        "session.end",      // the connection itself
        "events.subscribe", // events are looked at below
        "people.choices",    "people.list",     "people.add",      "people.update",
        "people.remove",                                                        // accounts: administrators'
        "audit.list",                                                           // ids only, administrators'
        "profiles.list",     "profiles.create", "shortcuts.list",  "jobs.list", // lists are looked at below
        "profiles.close",                                                       // forgets what this connection opened
        "profiles.overview", "setup.get",       "setup.finish",                 // administrators'; before there is any
        "profiles.remove",                                                      // administrators'
    };
    return methods;
}

class IsolationTest : public ::testing::Test {
protected:
    IsolationTest()
    {
        house = std::make_unique<ApiHouse>();
        mara = house->person({.name = "Mara Lind", .pin = "161803"});
        house->person({.name = "Jon Berg", .pin = "314159"});
        house->person({.name = "Chief", .administrator = true, .password = "long enough"});
        hers = std::make_unique<InProcessFace>(*house->api);
        for (const char *name : {"guest", "Jon", "Chief"})
            others[name] = std::make_unique<InProcessFace>(*house->api);
        for (auto &[name, face] : others)
            face->call("events.subscribe");
        signIn();
        description = json::parse(*readFile(OPENRPC));
    }
    ~IsolationTest() override
    {
        others.clear();
        hers.reset();
    }

    // Whoever was signed out by what was tried is signed in again.
    void signIn()
    {
        const auto as = [](InProcessFace &face, const char *name, const json &claim) {
            if (face.call("session.get").result["name"] == name)
                return;
            ASSERT_TRUE(face.call("session.signIn", claim).ok()) << name;
        };
        as(*hers, "Mara Lind", {{"method", "pin"}, {"secret", "161803"}});
        as(*others["Jon"], "Jon Berg", {{"method", "pin"}, {"secret", "314159"}});
        as(*others["Chief"], "Chief", {{"method", "password"}, {"name", "Chief"}, {"secret", "long enough"}});
        ASSERT_TRUE(others["guest"]->call("session.signOut").ok());
    }

    // A profile that is open, with a shortcut, an ended print job and a scan that waits for a page.
    Ids belongings(int number)
    {
        // Anew: what was tried before may have revoked the grant.
        sandbox().control({{"do", "reset"}});
        sandbox().control({{"do", "make-file"}, {"path", "/Private plan.pdf"}, {"base64", toBase64(makePdf(1))}});
        Ids ids;
        const std::string profile =
            house->linkedProfile("Private profile " + std::to_string(number), "", "person:" + mara);
        EXPECT_TRUE(hers->call("profiles.open", {{"id", profile}}).ok());
        std::string file;
        const Answer root = hers->call("files.list", {{"profile", profile}});
        for (const json &entry : root.result.at("entries"))
            if (entry.at("name") == "Private plan.pdf")
                file = entry.at("id");
        EXPECT_FALSE(file.empty()) << root.result;
        const Answer shortcut = hers->call("shortcuts.add", {{"profile", profile},
                                                             {"kind", "print"},
                                                             {"name", "Private shortcut " + std::to_string(number)},
                                                             {"target", file}});
        EXPECT_TRUE(shortcut.ok()) << shortcut.error;
        const Answer print =
            hers->call("jobs.print", {{"profile", profile}, {"items", {{{"id", file}, {"name", "Private plan.pdf"}}}}});
        const Answer scan = hers->call("jobs.scan", {{"profile", profile},
                                                     {"folder", ""},
                                                     {"folderName", "Private folder"},
                                                     {"name", "Private scan"},
                                                     {"settings", {{"source", "flatbed"}, {"pages", "many"}}}});
        EXPECT_TRUE(print.ok() && scan.ok()) << print.error << scan.error;
        ids["$profile"] = profile;
        ids["$file"] = file;
        ids["$shortcut"] = shortcut.result["shortcut"]["id"];
        ids["$printJob"] = print.result["job"]["id"];
        ids["$scanJob"] = scan.result["job"]["id"];
        const auto until = [&](const std::string &job, const std::string &field, const std::string &value) {
            const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
            while (hers->call("jobs.get", {{"id", job}}).result["job"][field] != value) {
                ASSERT_LT(std::chrono::steady_clock::now(), deadline) << field;
                std::this_thread::yield();
            }
        };
        until(ids["$printJob"], "state", "completed");
        until(ids["$scanJob"], "awaiting", "next-page");
        return ids;
    }

    // What a method may be asked, by its description: its examples, and each kind of id in each place for ids.
    std::vector<json> questions(const std::string &method) const
    {
        std::vector<json> out;
        for (const json &described : description.at("methods")) {
            if (described.at("name") != method)
                continue;
            for (const json &example : described.at("examples")) {
                json params = json::object();
                for (const json &param : example.at("params"))
                    params[param.at("name").get<std::string>()] = param.at("value");
                out.push_back(params);
                for (const char *place : {"id", "profile", "shortcut", "job"})
                    for (const char *kind : {"$profile", "$shortcut", "$printJob", "$scanJob"})
                        if (params.contains(place) && params[place] != kind) {
                            json other = params;
                            other[place] = kind;
                            out.push_back(other);
                        }
            }
        }
        return out;
    }

    static json withIds(const json &question, const Ids &ids)
    {
        std::string text = question.dump();
        for (const auto &[word, id] : ids)
            for (auto at = text.find("\"" + word + "\""); at != std::string::npos; at = text.find("\"" + word + "\""))
                text.replace(at + 1, word.size(), id);
        return json::parse(text);
    }

    static std::string leak(const std::string &text, const Ids &ids, bool administrator)
    {
        for (const char *word : {"Private", "mara.lind@example.org"})
            if (text.find(word) != std::string::npos)
                return word;
        for (const auto &[word, id] : ids) // an administrator's lists have ids
            if (!administrator && text.find(id) != std::string::npos)
                return word;
        return "";
    }

    std::unique_ptr<ApiHouse> house;
    std::unique_ptr<InProcessFace> hers;
    std::map<std::string, std::unique_ptr<InProcessFace>> others;
    std::string mara;
    json description;
};

TEST_F(IsolationTest, NothingOfAPersonIsThereForAnybodyElseByAnyMethod)
{
    int number = 0;
    std::vector<Ids> all;
    for (const std::string &method : house->api->methods()) {
        const std::vector<json> asked = questions(method);
        ASSERT_FALSE(asked.empty()) << method << " has no example in docs/openrpc.json";
        const bool reaches = !harmless().contains(method);
        Ids ids = reaches || all.empty() ? belongings(number++) : all.back();
        all.push_back(ids);
        // The same, of things that nobody has.
        Ids nowhere;
        for (const auto &[word, id] : ids)
            nowhere[word] = word == "$file" ? id : makeUuid();

        for (auto &[name, face] : others) {
            const bool administrator = name == "Chief";
            if (administrator && accessOf(method).access == Access::Administrator)
                continue; // theirs
            for (const json &question : asked) {
                const Answer theirs = face->call(method, withIds(question, ids));
                const Answer nobodys = face->call(method, withIds(question, nowhere));
                EXPECT_EQ(leak(dumpLine(theirs.result) + dumpLine(theirs.error), ids, false), "")
                    << name << " learns of it by " << method << ' ' << question;
                if (reaches) {
                    EXPECT_FALSE(theirs.ok()) << name << " reaches it by " << method << ' ' << question;
                    EXPECT_EQ(theirs.error, nobodys.error)
                        << name << " can tell that it exists by " << method << ' ' << question;
                }
                signIn();
            }
        }
        if (!reaches)
            continue;
        // It does reach what its owner has: what was refused above was not refused for another reason.
        ASSERT_TRUE(hers->call("profiles.open", {{"id", ids["$profile"]}}).ok()) << method;
        bool differs = false;
        for (const json &question : asked) {
            if (differs)
                break;
            const Answer nobodys = hers->call(method, withIds(question, nowhere));
            const Answer own = hers->call(method, withIds(question, ids));
            differs = own.ok() || own.error != nobodys.error;
        }
        EXPECT_TRUE(differs) << method
                             << " reaches nothing by its examples: name it as harmless, or give it one that does";
        (void)hers->call("jobs.cancel", {{"id", ids["$scanJob"]}});
        signIn();
    }

    // Nor do events tell of it, now or when what was missed is asked for.
    for (auto &[name, face] : others) {
        ASSERT_TRUE(face->call("events.subscribe", {{"after", 0}}).ok());
        const std::int64_t last = face->call("system.hello").result["sequence"];
        ASSERT_TRUE(face->call("events.subscribe", {{"after", std::max<std::int64_t>(last - 900, 0)}}).ok());
        face->waitForEvent(
            [&, name = name](const json &event) {
                for (const Ids &ids : all)
                    EXPECT_EQ(leak(dumpLine(event["data"]), ids, false), "") << name << ": " << event["type"];
                return false;
            },
            std::chrono::milliseconds(200));
        for (const char *list : {"profiles.list", "shortcuts.list", "jobs.list"})
            for (const Ids &ids : all)
                EXPECT_EQ(leak(dumpLine(face->call(list).result), ids, false), "") << name << ": " << list;
    }
}

TEST_F(IsolationTest, AThumbnailOrFileOfAPersonsProfileIsNotThereForAnybodyElseWhoHasAProfileOfTheSameCloud)
{
    const Ids ids = belongings(0);
    const std::string theirs = house->linkedProfile("Ours");
    ASSERT_TRUE(others["guest"]->call("profiles.open", {{"id", theirs}}).ok());
    for (const std::string &method : house->api->methods()) {
        if (method.rfind("files.", 0) != 0 && method.rfind("jobs.", 0) != 0)
            continue;
        for (const json &question : questions(method)) {
            if (!question.contains("profile"))
                continue;
            EXPECT_EQ(others["guest"]->call(method, withIds(question, ids)).code(), "profile-gone") << method;
        }
    }
}

} // namespace
} // namespace connector::test
