// SPDX-License-Identifier: Apache-2.0
// Lists a folder or moves one file through an adapter, and prints what came of it as JSON: {"bytes": …, "chunk": bytes
// per request} or {"entries": …, "firstPage": seconds}.
//   transfer-bench PROVIDER --token T [--user NAME] [--endpoint KEY=URL]… [--ca FILE] ACTION
//   ACTION: --download PATH --to FILE [--check], --upload FILE --to PATH, --list PATH
// Paths begin with "/" and are walked by name, as a person does; what that took is "finding".
#include "http/curl_http_client.h"
#include "http/paced_http_client.h"
#include "http/signing_http_client.h"
#include "providers/registry.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>

using namespace connector;
using nlohmann::json;

namespace {

class FixedToken : public TokenSource {
public:
    explicit FixedToken(TokenSet tokens) : m_tokens(std::move(tokens)) {}
    Result<std::string> token(const Call &) override { return m_tokens.accessToken; }
    void expired(const std::string &) override {}
    std::string authorization(const std::string &) override { return m_tokens.authorization(); }

private:
    TokenSet m_tokens;
};

// Writes and hashes.
class CheckedSink : public ByteSink {
public:
    CheckedSink(ByteSink &out, ContentHasher *hasher) : m_out(out), m_hasher(hasher) {}
    Result<void> write(std::span<const char> bytes) override
    {
        if (m_hasher != nullptr)
            m_hasher->update(bytes);
        return m_out.write(bytes);
    }

private:
    ByteSink &m_out;
    ContentHasher *m_hasher;
};

Result<Entry> find(Provider &provider, std::string_view path)
{
    Entry at;
    at.kind = EntryKind::Folder;
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::string_view name = path.substr(0, path.find('/'));
        path.remove_prefix(name.size());
        std::optional<Entry> found;
        for (std::string token; !found;) {
            auto page = provider.list(at.id, token, {}, {});
            if (!page)
                return std::move(page).error();
            for (Entry &entry : page->entries)
                if (entry.name == name)
                    found = std::move(entry);
            token = page->nextPageToken;
            if (token.empty())
                break;
        }
        if (!found)
            return Error{Errc::NotFound, "nothing has that path"};
        at = *std::move(found);
    }
    return at;
}

Result<json> download(Provider &provider, const ProviderInfo &info, const Entry &entry, const std::string &to,
                      bool check)
{
    auto file = FileSink::open(to);
    if (!file)
        return std::move(file).error();
    auto hasher = check && info.makeHasher && !entry.contentHash.empty() ? info.makeHasher() : nullptr;
    CheckedSink sink(*file, hasher.get());
    if (auto r = provider.download(entry.id, entry.revision, 0, sink, {}); !r)
        return std::move(r).error();
    if (hasher && hasher->result() != entry.contentHash)
        return Error{Errc::DataLoss, "the hash differs"};
    return json{{"bytes", file->size()}};
}

Result<json> upload(Provider &provider, const EntryId &folder, const std::string &name, const std::string &from)
{
    auto file = FileSource::open(from);
    if (!file)
        return std::move(file).error();
    auto entry = provider.upload({folder, name, OnConflict::Replace}, *file, {}, {}, {});
    if (!entry)
        return std::move(entry).error();
    return json{{"bytes", entry->size.value_or(0)}, {"chunk", provider.features().chunkSize}};
}

Result<json> list(Provider &provider, const EntryId &folder, Call::Clock::time_point start)
{
    std::int64_t entries = 0;
    std::optional<std::chrono::duration<double>> firstPage;
    std::string token;
    do {
        auto page = provider.list(folder, token, {}, {});
        if (!page)
            return std::move(page).error();
        entries += static_cast<std::int64_t>(page->entries.size());
        if (!firstPage)
            firstPage = Call::Clock::now() - start;
        token = page->nextPageToken;
    } while (!token.empty());
    return json{{"entries", entries}, {"firstPage", firstPage->count()}};
}

} // namespace

int main(int argc, char **argv)
{
    std::string providerId;
    bool check = false;
    TokenSet tokens;
    std::string ca;
    std::string from;
    std::string to;
    std::string listed;
    std::string uploaded;
    std::vector<std::string> bases;
    CLI::App app{"Lists or transfers through one adapter."};
    app.add_option("provider", providerId)->required();
    app.add_option("--token", tokens.accessToken)->required();
    app.add_option("--user", tokens.user, "presents the token as this user's password");
    app.add_option("--endpoint", bases, "KEY=URL");
    app.add_option("--ca", ca);
    app.add_flag("--check", check, "compares a download with the cloud's own hash, computed on the way");
    auto *down = app.add_option("--download", from);
    auto *up = app.add_option("--upload", uploaded)->excludes(down);
    app.add_option("--list", listed)->excludes(down)->excludes(up);
    app.add_option("--to", to);
    CLI11_PARSE(app, argc, argv);

    const ProviderInfo *info = findProvider(providerId);
    if (info == nullptr) {
        std::fprintf(stderr, "transfer-bench: there is no provider %s\n", providerId.c_str());
        return 2;
    }
    ProviderEndpoints endpoints;
    for (const std::string &base : bases)
        endpoints.base[base.substr(0, base.find('='))] = base.substr(base.find('=') + 1);
    if (!tokens.user.empty())
        tokens.scheme = TokenSet::Scheme::Basic;
    endpoints.user = tokens.user;
    CurlOptions options;
    options.extraCaFile = ca;
    CurlHttpClient curl(options);
    PacedHttpClient paced(curl, nullptr);
    FixedToken token(tokens);
    SigningHttpClient http(paced, token);
    auto provider = info->make(http, endpoints);

    const std::string path = !from.empty() ? from : !listed.empty() ? listed : to.substr(0, to.rfind('/'));
    const auto began = Call::Clock::now();
    auto entry = find(*provider, path == "/" ? "" : path);
    const auto start = Call::Clock::now();
    Result<json> result = Error{Errc::InvalidArgument, "nothing to do"};
    if (!entry)
        result = entry.error();
    else if (!from.empty())
        result = download(*provider, *info, *entry, to, check);
    else if (!uploaded.empty())
        result = upload(*provider, entry->id, to.substr(to.rfind('/') + 1), uploaded);
    else if (!listed.empty())
        result = list(*provider, entry->id, start);
    if (!result) {
        std::fprintf(stderr, "transfer-bench: %s\n", describe(result.error()).c_str());
        return 1;
    }
    const std::chrono::duration<double> took = Call::Clock::now() - start;
    (*result)["seconds"] = took.count();
    (*result)["finding"] = std::chrono::duration<double>(start - began).count();
    std::printf("%s\n", result->dump().c_str());
    return 0;
}
