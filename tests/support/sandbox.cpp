// SPDX-License-Identifier: Apache-2.0
#include "support/sandbox.h"

#include "http/curl_http_client.h"

#include <gtest/gtest.h>

namespace connector::test {

namespace {

std::vector<std::string> wordsOf(const Sandbox::Options &options)
{
    std::vector<std::string> words{"tests/sandbox/cloud-sandbox", "--die-with-parent", "--quiet"};
    if (!options.seedFiles.empty())
        words.insert(words.end(), {"--seed-files", options.seedFiles});
    if (!options.https)
        words.insert(words.end(), {"--https-port", "off"});
    words.insert(words.end(), options.more.begin(), options.more.end());
    return words;
}

} // namespace

Sandbox::Sandbox() : Sandbox(Options{}) {}

Sandbox::Sandbox(const Options &options) : m_program(wordsOf(options)) {}

std::string Sandbox::http() const
{
    return m_program.ready().at("http").get<std::string>();
}

std::string Sandbox::base(const std::string &cloud) const
{
    return m_program.ready().at("clouds").at(cloud).at("http").get<std::string>();
}

std::string Sandbox::httpsBase(const std::string &cloud) const
{
    return m_program.ready().at("clouds").at(cloud).at("https").get<std::string>();
}

std::string Sandbox::caFile() const
{
    return m_program.ready().at("ca").get<std::string>();
}

nlohmann::json Sandbox::control(const nlohmann::json &command)
{
    CurlHttpClient client;
    HttpRequest request;
    request.method = "POST";
    request.url = http() + "/sandbox/control";
    request.headers.set("Content-Type", "application/json");
    request.body = command.dump();
    request.largestBody = 64U << 20U;
    auto reply = client.send(request, nullptr, Call{}.within(std::chrono::seconds{60}));
    if (!reply || reply->status != 200) {
        ADD_FAILURE() << "the sandbox refused " << request.body << ": "
                      << (reply ? reply->body : describe(reply.error()));
        return nullptr;
    }
    return nlohmann::json::parse(reply->body, nullptr, false);
}

nlohmann::json Sandbox::credentials(const std::string &cloud)
{
    if (m_credentials.is_null())
        m_credentials = control({{"do", "credentials"}});
    return m_credentials.at(cloud);
}

nlohmann::json Sandbox::person(const std::string &cloud, const std::string &email)
{
    const nlohmann::json known = credentials(cloud);
    for (const auto &person : known.at("people"))
        if (person.at("email") == email)
            return person;
    ADD_FAILURE() << "the sandbox does not know " << email;
    return nullptr;
}

} // namespace connector::test
