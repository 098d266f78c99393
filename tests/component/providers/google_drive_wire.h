// SPDX-License-Identifier: Apache-2.0
// Google Drive's adapter against answers that a test writes out.
#pragma once

#include "core/encoding.h"
#include "providers/digest.h"
#include "providers/google_drive/google_drive_provider.h"

#include <gmock/gmock.h>

namespace connector::google_drive {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char *kApi = "https://www.googleapis.com";
constexpr const char *kSession = "https://www.googleapis.com/upload/drive/v3/files?upload_id=s3cret";
constexpr std::int64_t kQuarter = 256LL << 10U;

Call soon();

HttpReply reply(int status, const json &body = json::object(), const std::string &type = "application/json");

HttpReply refusal(int status, const std::string &reason);

HttpReply moved(int status, const std::string &location);

HttpReply incomplete(std::int64_t stored);

json file(const std::string &id, const std::string &name, const json &more = json::object());

json made(const std::string &id, const std::string &name, const std::string &bytes);

json folder(const std::string &id, const json &more = json::object());

json shortcut(const std::string &id, const std::string &target);

json filesOf(std::vector<json> files);

struct Asked {
    std::string line; // "GET https://host/path?query", decoded
    bool isSigned;
    HttpHeaders headers;
    std::string body;
};

// Answers as a test says.
class ScriptedCloud : public HttpClient {
public:
    using Answer = std::function<Result<HttpReply>(const Asked &)>;

    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override;

    void on(const std::string &part, Answer answer) { answers.emplace_back(part, std::move(answer)); }
    void on(const std::string &part, const HttpReply &answer);

    std::vector<std::string> lines(const std::string &part = "") const;

    std::vector<std::pair<std::string, Answer>> answers; // the first whose text stands in the line
    std::vector<Asked> log;
};

class GoogleDriveWire : public ::testing::Test {
protected:
    GoogleDriveWire();

    // An empty folder and a fresh id for the next upload.
    void expectUpload();

    // A session that stores what `keep` makes of each chunk's end, and is the file once it has all.
    void expectSession(std::function<std::int64_t(std::int64_t from, std::int64_t to)> keep);

    Result<Entry> upload(OnConflict policy = OnConflict::Fail, const UploadState &from = {});

    ScriptedCloud cloud;
    std::unique_ptr<Provider> p;
    std::string bytes = "content";
    std::string stored;
    UploadState state;
};

std::string longBytes(std::size_t size = 3 * kQuarter + 17);

inline const Error kCut{Errc::Offline, "cut", "http", "cut"};

} // namespace connector::google_drive
