// SPDX-License-Identifier: Apache-2.0
// The job engine with everything around it in one folder, as one process sees it between its start and its death.
#pragma once

#include "store/schema.h"
#include "tests/component/jobs/folder_world.h"

namespace connector::test {

std::string smallJpeg();

class House {
public:
    // The folder holds "cloud", "printer" and the engine's state; made when missing.
    House(const std::filesystem::path &folder, std::filesystem::path renderWorker);
    ~House() { jobs.reset(); }

    Result<void> start();

    static PrintRequest printRequest(const std::string &file, const std::string &key = "");
    static ScanRequest scanRequest(const std::string &source, bool many, const std::string &key = "");
    Result<Job> print(const PrintRequest &request);
    Result<Job> scan(const ScanRequest &request);
    // From then on every change is told, on the actor's thread.
    void onChange(std::function<void(const Job &)> hear);
    Result<Job> answer(const std::string &id, ScanAction action);
    Job job(const std::string &id);
    std::vector<Job> all();

    // Waits until the condition holds; false when it does not in time.
    bool until(const std::function<bool()> &condition, std::chrono::seconds patience = std::chrono::seconds(10));
    bool untilState(const std::string &id, JobState state);
    // Also what comes behind the last event: the folder is gone.
    bool untilSwept();

private:
    static std::filesystem::path prepared(const std::filesystem::path &folder);

public:
    std::filesystem::path m_folder;
    TaskQueue actor;
    Database db;
    Vault vault;
    FolderClouds clouds;
    FolderPrinter printer;
    FolderScanner scanner;
    std::unique_ptr<Jobs> jobs;
};

} // namespace connector::test
