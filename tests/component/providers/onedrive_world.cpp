// SPDX-License-Identifier: Apache-2.0
#include "tests/component/providers/onedrive_world.h"

namespace connector::onedrive_test {

Call soon()
{
    return Call{}.within(60s);
}

json graphError(const char *code, const char *inner)
{
    return {{"error", {{"code", code}, {"message", "see the code"}, {"innererror", {{"code", inner}}}}}};
}

OneDrive::OneDrive()
{
    sandbox().control({{"do", "reset"}});
    use("mara.lind@example.org");
}

test::Sandbox &OneDrive::sandbox()
{
    static test::Sandbox instance;
    return instance;
}

json OneDrive::tell(json command) const
{
    command["cloud"] = "onedrive";
    command["person"] = m_person;
    return sandbox().control(command);
}

void OneDrive::use(const std::string &email)
{
    p.reset();
    m_person = email;
    account = std::make_unique<SandboxAccount>(sandbox(), "onedrive", email);
    p = another();
    const json root = tell({{"do", "list"}, {"path", "/"}});
    for (const auto &entry : root.at("entries"))
        tell({{"do", "delete"}, {"path", "/" + entry.at("name").get<std::string>()}});
}

std::unique_ptr<Provider> OneDrive::another()
{
    onedrive::Tuning tuning;
    tuning.simpleMax = kUnit;
    tuning.chunk = kUnit;
    tuning.patience = 1ms;
    return std::make_unique<onedrive::OneDriveProvider>(account->http(), onedrive::Hosts{sandbox().base("onedrive")},
                                                        tuning);
}

void OneDrive::fault(const std::string &route, const json &action, int times, int nth, const std::string &method) const
{
    json rule{{"do", "fault"}, {"cloud", "onedrive"}, {"route", route}, {"times", times}, {"nth", nth}};
    rule["action"] = action;
    if (!method.empty())
        rule["method"] = method;
    sandbox().control(rule);
}

void OneDrive::watch(std::function<void(const HttpRequest &, HttpReply &)> change)
{
    account->tap().set([this, change](HttpClient &next, const HttpRequest &request, ByteSink *sink,
                                      const Call &call) -> Result<HttpReply> {
        seen.push_back(request);
        auto reply = next.send(request, sink, call);
        if (reply && change)
            change(request, *reply);
        return reply;
    });
}

int OneDrive::count(const std::string &method, const std::string &part) const
{
    return static_cast<int>(std::count_if(seen.begin(), seen.end(), [&](const HttpRequest &request) {
        return request.method == method && request.url.find(part) != std::string::npos;
    }));
}

Result<Entry> OneDrive::upload(const std::string &bytes, const std::string &name, OnConflict policy,
                               const EntryId &folder)
{
    StringSource in(bytes);
    return p->upload({folder, name, policy}, in, {}, {}, soon());
}

std::string OneDrive::get(const EntryId &file)
{
    StringSink out;
    auto done = p->download(file, "", 0, out, soon());
    EXPECT_TRUE(done) << describe(done.error());
    return out.bytes();
}

std::vector<std::string> OneDrive::names(const EntryId &folder)
{
    std::vector<std::string> all;
    auto page = p->list(folder, "", {}, soon());
    EXPECT_TRUE(page) << describe(page.error());
    if (page)
        for (const auto &entry : page->entries)
            all.push_back(entry.name);
    return all;
}

} // namespace connector::onedrive_test
