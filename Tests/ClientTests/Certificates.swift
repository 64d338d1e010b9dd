/// Certificates of a test authority, valid until 2120 but for the one that expired in 2021. All for
/// `localhost` and 127.0.0.1 but for the one of another host.
enum Certificates {
    static let ca = """
        -----BEGIN CERTIFICATE-----
        MIIBUzCB+6ADAgECAgEBMAoGCCqGSM49BAMCMBExDzANBgNVBAMMBlRlc3RDQTAg
        Fw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowETEPMA0GA1UEAwwGVGVz
        dENBMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE/7NbwBZxGNqMyOl9IS4Gcwxb
        JTaeNIz48g4Ef6VdeM4hU1NRYfq5ClI55NpzG8STbkJAiOqs1x8MxASHN+b2CqNC
        MEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAgQwHQYDVR0OBBYEFFH5
        OCWp7nr/nqe55JT+nyB9v5DiMAoGCCqGSM49BAMCA0cAMEQCIEeqb2CsXxM8QzBt
        Oaq8f1qs/h3kUXusq72r0Sm0ZUTDAiAMjTmGe4N2vzf8YY/9kOj6nD6ZrsIo2WVC
        Cokbnh5GTQ==
        -----END CERTIFICATE-----
        """
    static let good = """
        -----BEGIN CERTIFICATE-----
        MIIBcDCCARWgAwIBAgIBAjAKBggqhkjOPQQDAjARMQ8wDQYDVQQDDAZUZXN0Q0Ew
        IBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMA8xDTALBgNVBAMMBGdv
        b2QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQyCjMcUy/NrQkqMDIimmnLbsAC
        vWCIHFg3nD2QIog3ApOEVRwpkLTYI4MAEphu4ymIail1g9LA2TqPlIt+Nb7yo14w
        XDAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwHQYDVR0OBBYEFGgE8uAxDRth
        NaK2kgbVnGuqtadPMB8GA1UdIwQYMBaAFFH5OCWp7nr/nqe55JT+nyB9v5DiMAoG
        CCqGSM49BAMCA0kAMEYCIQDnbAy4imRzjAbbBIOEHsr0YLYWd6vNplh395gItMkF
        WgIhAKczw7/nQGNMp1w7+rpDNxOowBt/RWF27jkW6AqjbyaU
        -----END CERTIFICATE-----
        """
    static let goodKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/Pp7BV0Bsqi2DNNw
        1K8acX0P32kBRlwRlzc5cgGZCqihRANCAAQyCjMcUy/NrQkqMDIimmnLbsACvWCI
        HFg3nD2QIog3ApOEVRwpkLTYI4MAEphu4ymIail1g9LA2TqPlIt+Nb7y
        -----END PRIVATE KEY-----
        """
    static let renewed = """
        -----BEGIN CERTIFICATE-----
        MIIBczCCARigAwIBAgIBAzAKBggqhkjOPQQDAjARMQ8wDQYDVQQDDAZUZXN0Q0Ew
        IBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBIxEDAOBgNVBAMMB3Jl
        bmV3ZWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASDGsPIJeskNoNCrlIEyRWO
        daovq6dkmzpAu9oja2F+zjoq80EGewGYW4mO2YI2OR2FY0LoAfvb/Qp/Ty46tUoB
        o14wXDAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwHQYDVR0OBBYEFOsAJ38V
        NOrBA+HGDT65rBO91RzTMB8GA1UdIwQYMBaAFFH5OCWp7nr/nqe55JT+nyB9v5Di
        MAoGCCqGSM49BAMCA0kAMEYCIQChyrPRNT2Ox9fJ5T5qhSPQ5gTTergvAp+TQioa
        aqqT2wIhANRvx89Jel+z9CHMHWRTuWDgq03Egq1Nc79+VDrPb1JT
        -----END CERTIFICATE-----
        """
    static let renewedKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgpkW8OpU4bTT+kNe5
        VIj3WqdsbxC6QvhIthXC/IuAsUKhRANCAASDGsPIJeskNoNCrlIEyRWOdaovq6dk
        mzpAu9oja2F+zjoq80EGewGYW4mO2YI2OR2FY0LoAfvb/Qp/Ty46tUoB
        -----END PRIVATE KEY-----
        """
    static let other = """
        -----BEGIN CERTIFICATE-----
        MIIBcDCCARagAwIBAgIBBDAKBggqhkjOPQQDAjARMQ8wDQYDVQQDDAZUZXN0Q0Ew
        IBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBAxDjAMBgNVBAMMBW90
        aGVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+a8FGXThx+ueV6+vUCFY8E9X
        KIUFi7DV+iy/OG2Mp6XOAE2QArsgO0pSSBZjGfE9KfnVY6prl6Vtrto98GPWn6Ne
        MFwwGgYDVR0RBBMwEYIPY3JtLmV4YW1wbGUuY29tMB0GA1UdDgQWBBSl6aV/EFXR
        SmgAMnt7KzMbMRHpAzAfBgNVHSMEGDAWgBRR+Tglqe56/56nueSU/p8gfb+Q4jAK
        BggqhkjOPQQDAgNIADBFAiADWy3z+7KTMUWHhuxIPAj7Vqs3/EzoRItm+uJnkIu7
        yAIhALwKPaW0StHlRYxJptncwv8UG5w9PWDqPIEp0KrZ4Z0N
        -----END CERTIFICATE-----
        """
    static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgSZQ/3BCx++3T0jY5
        NdizUQilkimDG9N/QPbrEjCSr/qhRANCAAT5rwUZdOHH655Xr69QIVjwT1cohQWL
        sNX6LL84bYynpc4ATZACuyA7SlJIFmMZ8T0p+dVjqmuXpW2u2j3wY9af
        -----END PRIVATE KEY-----
        """
    static let expired = """
        -----BEGIN CERTIFICATE-----
        MIIBcTCCARagAwIBAgIBBTAKBggqhkjOPQQDAjARMQ8wDQYDVQQDDAZUZXN0Q0Ew
        HhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAwWjASMRAwDgYDVQQDDAdleHBp
        cmVkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEKR41gkEjUE0VfoZcHvQIdF/h
        bnd0SXKnjQ5HOM7Pq+DOsOVeldysI7xETgh64ZmTQHWqpuS5slu/20vhmmdt+6Ne
        MFwwGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMB0GA1UdDgQWBBSVmm8ACyYK
        RZAnp5Ph63CcrAwxwDAfBgNVHSMEGDAWgBRR+Tglqe56/56nueSU/p8gfb+Q4jAK
        BggqhkjOPQQDAgNJADBGAiEAzNBNPgMDjUD2Eqwn3yXHwPpR9dF3uW7EzP7xF2Tn
        DyYCIQDQuZqwV8TA/cO8H8pVDIRoG4REzakXGH5JkkYhFImLdg==
        -----END CERTIFICATE-----
        """
    static let expiredKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg627zR6mQbh0KPmd3
        P80Es2sDAI808DAYR4tvTsB0y+mhRANCAAQpHjWCQSNQTRV+hlwe9Ah0X+Fud3RJ
        cqeNDkc4zs+r4M6w5V6V3KwjvEROCHrhmZNAdaqm5LmyW7/bS+GaZ237
        -----END PRIVATE KEY-----
        """
}
