# The front door. Each target is one line that a person can read; what they need is at the top of README.md.
# One set of flags for every build: with two, every package would be compiled twice. The
# API's operations are instances of one generic function: inlining into each of them took
# two thirds of the whole build, and no request is faster for it.
export GOFLAGS := -trimpath -gcflags=dangan/internal/api=-l
.PHONY: build gen fonts web run test lint e2e bench soak fuzz

build: web                      ## bin/dangan with the pages in it
	go build -o bin/dangan ./cmd/dangan
web: gen                        ## pages into internal/web/dist
	npm --prefix web run build
fonts:                          ## the type faces papers are set in, once
	scripts/fonts.sh
gen: fonts web/node_modules     ## the typed client from the API's own document
	go run ./cmd/dangan openapi > web/src/api/openapi.json && npm --prefix web run gen
web/node_modules: web/package-lock.json
	cd web && npm ci --no-audit --no-fund && touch node_modules
run: build                      ## the sample province on http://127.0.0.1:8080
	bin/dangan demo --data dangan-data
test:                           ## Go on both databases, the main flows in the browser
	scripts/test.sh
lint: gen                       ## Go and TypeScript
	go vet ./... && go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 run ./... && npm --prefix web run lint && npm --prefix web run check
e2e: build                      ## every screen in the browser
	DANGAN_E2E_CONTRAST=each node --test --test-concurrency=3 test/e2e/*.test.mjs
bench:                          ## figures, one a line: BENCH name value unit ratio; most of an hour, nearly all of it filling a million dossiers into each database
	scripts/tools.sh && eval "$$(scripts/postgres.sh)" && DANGAN_BENCH_MILLION=1 go test -p 1 -timeout 3h -run XXX -bench . -benchtime 1x ./internal/... ./test/bench/
soak:                           ## kill -9 two hundred times on each database, and ten thousand random sequences of acts, in one of ten killed
	eval "$$(scripts/postgres.sh)" && DANGAN_SOAK=200 go test -timeout 3h -run Kill ./test/fault/ && DANGAN_SOAK_SEQUENCES=10000 go test -timeout 6h ./test/random/
fuzz:                           ## what strangers write: a minute each; what they find stays in testdata/fuzz
	set -e; for t in identity:FuzzParse sheet:FuzzRead roster:FuzzJudge paper:FuzzVerify scan:FuzzJPEG scan:FuzzTIFF \
		feed:FuzzRead digital:FuzzSums digital:FuzzCatalog digital:FuzzNames digital:FuzzArchive; do \
		go test -run XXX -fuzz "^$${t#*:}\$$" -fuzztime 60s -fuzzminimizetime 10x ./internal/$${t%:*}; done
