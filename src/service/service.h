// SPDX-License-Identifier: Apache-2.0
// The composition root: makes all rooms of the service from a configuration and ties them together.
#pragma once

#include "api/api.h"
#include "service/configuration.h"

namespace connector {

// The whole service. Starts in start(), ends in its destructor: workers are asked to stop and waited for; what they did
// not finish goes on at the next start.
class Service {
public:
    static Result<std::unique_ptr<Service>> start(const Configuration &configuration);
    // Moves the master key from its file into the TPM that the configuration names; no service may run meanwhile.
    static Result<void> sealMasterKey(const Configuration &configuration);
    ~Service();
    Service(const Service &) = delete;
    Service &operator=(const Service &) = delete;

    Api &api();
    int webPort() const; // where browsers come in; 0: nowhere

private:
    struct Rooms;
    explicit Service(std::unique_ptr<Rooms> rooms);
    std::unique_ptr<Rooms> m_rooms;
};

} // namespace connector
