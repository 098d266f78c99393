// SPDX-License-Identifier: Apache-2.0
// Moves one file through the Dropbox adapter, checked by hash as the product does it, and prints what that took:
//   transfer-bench --base URL --token T --download PATH --to FILE
//   transfer-bench --base URL --token T --upload FILE --to PATH
// Output: {"bytes": …, "seconds": …, "cpuSeconds": …, "peakRssBytes": …}
#include "http/curl_http_client.h"
#include "http/paced_http_client.h"
#include "http/signing_http_client.h"
#include "providers/registry.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <sys/resource.h>

using namespace connector;

namespace {

class FixedToken : public TokenSource {
public:
    explicit FixedToken(std::string token) : m_token(std::move(token)) {}
    Result<std::string> token(const Call &) override { return m_token; }
    void expired(const std::string &) override {}

private:
    std::string m_token;
};

// Writes and hashes.
class CheckedSink : public ByteSink {
public:
    CheckedSink(ByteSink &out, ContentHasher &hasher) : m_out(out), m_hasher(hasher) {}
    Result<void> write(std::span<const char> bytes) override
    {
        m_hasher.update(bytes);
        return m_out.write(bytes);
    }

private:
    ByteSink &m_out;
    ContentHasher &m_hasher;
};

Result<std::int64_t> download(Provider &provider, const ProviderInfo &info, const std::string &path,
                              const std::string &to)
{
    auto entry = provider.stat({path}, {});
    if (!entry)
        return std::move(entry).error();
    auto file = FileSink::open(to);
    if (!file)
        return std::move(file).error();
    auto hasher = info.makeHasher();
    CheckedSink sink(*file, *hasher);
    if (auto r = provider.download(entry->id, entry->revision, 0, sink, {}); !r)
        return std::move(r).error();
    if (hasher->result() != entry->contentHash)
        return Error{Errc::DataLoss, "the hash differs"};
    return file->size();
}

Result<std::int64_t> upload(Provider &provider, const std::string &from, const std::string &path)
{
    const std::size_t slash = path.rfind('/');
    UploadTarget target;
    if (slash != std::string::npos && slash > 0) {
        auto folder = provider.stat({path.substr(0, slash)}, {});
        if (!folder)
            return std::move(folder).error();
        target.folder = folder->id;
    }
    target.name = path.substr(slash + 1);
    target.onConflict = OnConflict::Replace;
    auto file = FileSource::open(from);
    if (!file)
        return std::move(file).error();
    auto entry = provider.upload(target, *file, {}, {}, {});
    if (!entry)
        return std::move(entry).error();
    return entry->size.value_or(0);
}

double seconds(const timeval &time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

} // namespace

int main(int argc, char **argv)
{
    std::map<std::string, std::string> options;
    for (int i = 1; i + 1 < argc; i += 2)
        options[argv[i]] = argv[i + 1];
    const bool isUpload = options.contains("--upload");
    if (argc != 9 || !options.contains("--base") || !options.contains("--token") || !options.contains("--to") ||
        isUpload == options.contains("--download")) {
        std::fprintf(stderr,
                     "transfer-bench --base URL --token T (--download PATH --to FILE | --upload FILE --to PATH)\n");
        return 2;
    }
    const ProviderInfo &info = *findProvider("dropbox");
    ProviderEndpoints endpoints;
    for (const auto &[key, value] : info.endpoints)
        endpoints.base[key] = options["--base"];
    CurlHttpClient curl;
    PacedHttpClient paced(curl, nullptr);
    FixedToken token(options["--token"]);
    SigningHttpClient http(paced, token);
    auto provider = info.make(http, endpoints);

    const auto start = Call::Clock::now();
    auto bytes = isUpload ? upload(*provider, options["--upload"], options["--to"])
                          : download(*provider, info, options["--download"], options["--to"]);
    const std::chrono::duration<double> took = Call::Clock::now() - start;
    if (!bytes) {
        std::fprintf(stderr, "transfer-bench: %s\n", describe(bytes.error()).c_str());
        return 1;
    }
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const nlohmann::json result{{"bytes", *bytes},
                                {"seconds", took.count()},
                                {"cpuSeconds", seconds(usage.ru_utime) + seconds(usage.ru_stime)},
                                {"peakRssBytes", std::int64_t{usage.ru_maxrss} * 1024}};
    std::printf("%s\n", result.dump().c_str());
    return 0;
}
