// SPDX-License-Identifier: Apache-2.0
// PostgreSQL of a test's own: started on a socket in a folder, gone with the object.
#pragma once

#include "support/ready_program.h"

#include <csignal>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace connector::test {

class Postgres {
public:
    // Blocks until it is ready; aborts the test program when it cannot start.
    Postgres() : m_program({"tests/support/postgres"}) {}

    // An empty database, as libpq takes it.
    std::string newDatabase()
    {
        const std::string name = "test" + std::to_string(++m_made);
        run("CREATE DATABASE " + name);
        return server() + " dbname=" + name;
    }
    // Ends every connection that programs have, as a restart of the server would.
    void dropConnections()
    {
        run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname LIKE "
            "'test%'");
    }

    // The server's processes that exist now stop, as on a machine that froze: connections stand, and nothing is said.
    void freeze()
    {
        pqxx::connection connection(server() + " dbname=postgres");
        pqxx::nontransaction db(connection);
        const auto first = db.exec1("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::integer");
        m_frozen.push_back(first[0].as<int>());
        for (const auto &row : db.exec("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"))
            m_frozen.push_back(row[0].as<int>());
        for (const int pid : m_frozen)
            ::kill(pid, SIGSTOP);
    }
    void thaw()
    {
        for (const int pid : m_frozen)
            ::kill(pid, SIGCONT);
        m_frozen.clear();
    }

private:
    std::string server() const
    {
        return "host=" + m_program.ready().at("socket").get<std::string>() +
               " user=" + m_program.ready().at("user").get<std::string>();
    }
    void run(const std::string &sql) const
    {
        pqxx::connection connection(server() + " dbname=postgres");
        pqxx::nontransaction(connection).exec(sql);
    }
    ReadyProgram m_program;
    std::vector<int> m_frozen;
    int m_made = 0;
};

} // namespace connector::test
