// SPDX-License-Identifier: Apache-2.0
#include "suite/provider_suite.h"

namespace connector::test {

using namespace std::chrono_literals;

std::string bytesOf(std::size_t size)
{
    std::string out(size, '\0');
    std::uint32_t x = 12345;
    for (char &c : out) {
        x = x * 1664525U + 1013904223U;
        c = static_cast<char>(x >> 24U);
    }
    return out;
}

Call soon()
{
    return Call{}.within(60s);
}

std::vector<std::string> namesOf(const std::vector<Entry> &entries)
{
    std::vector<std::string> names;
    for (const auto &entry : entries)
        names.push_back(entry.name);
    return names;
}

bool World::refuse(Refusal, const Entry &)
{
    return false;
}

std::size_t World::sessionBytes()
{
    const auto f = provider()->features();
    return static_cast<std::size_t>(f.simpleUploadMax + 3 * f.chunkSize + 17);
}

std::size_t World::chunkBytes()
{
    return static_cast<std::size_t>(provider()->features().chunkSize);
}

bool World::makeFiles(const std::string &, const std::vector<std::string> &, std::int64_t)
{
    return false;
}

void ProviderSuite::SetUp()
{
    world = GetParam().make();
    p = world->provider();
}

bool World::makeMany(const std::string &, int)
{
    return false;
}

Entry ProviderSuite::put(const std::string &name, const std::string &bytes, const EntryId &folder,
                         OnConflict onConflict)
{
    StringSource in(bytes);
    auto entry = p->upload({folder, name, onConflict}, in, {}, {}, soon());
    EXPECT_TRUE(entry) << name << ": " << describe(entry.error());
    return entry ? *entry : Entry{};
}

std::string ProviderSuite::get(const EntryId &file, const std::string &revision)
{
    StringSink out;
    auto done = p->download(file, revision, 0, out, soon());
    EXPECT_TRUE(done) << describe(done.error());
    return out.bytes();
}

std::vector<Entry> ProviderSuite::all(const EntryId &folder)
{
    std::vector<Entry> entries;
    std::string token;
    for (int pages = 0; pages < 1000; ++pages) {
        auto page = p->list(folder, token, {}, soon());
        EXPECT_TRUE(page) << describe(page.error());
        if (!page)
            break;
        entries.insert(entries.end(), page->entries.begin(), page->entries.end());
        token = page->nextPageToken;
        if (token.empty())
            return entries;
    }
    ADD_FAILURE() << "the list does not end";
    return entries;
}

std::string ProviderSuite::hashOf(const std::string &bytes)
{
    if (p->features().hashAlgorithm.empty())
        return "";
    auto hasher = world->hasher();
    hasher->update(bytes);
    return hasher->result();
}

Result<Entry> ProviderSuite::deliver(const UploadTarget &target, const std::string &bytes)
{
    Result<Entry> entry = Error{Errc::Busy, "not begun"};
    for (int tries = 0; tries < 5; ++tries) {
        StringSource in(bytes);
        entry = world->provider()->upload(target, in, stored, store, soon());
        if (entry || remedyFor(entry.error().code) != Remedy::RetryLater)
            break;
    }
    return entry;
}

Entry ProviderSuite::named(const std::string &name, const EntryId &folder)
{
    std::vector<Entry> found;
    for (auto &entry : all(folder))
        if (entry.name == name)
            found.push_back(std::move(entry));
    EXPECT_EQ(found.size(), 1U) << name;
    return found.size() == 1 ? found.front() : Entry{};
}

} // namespace connector::test
