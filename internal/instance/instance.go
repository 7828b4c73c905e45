package instance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dangan/internal/access"
	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/blob"
	"dangan/internal/calendar"
	"dangan/internal/certificate"
	"dangan/internal/clock"
	"dangan/internal/collect"
	"dangan/internal/consent"
	"dangan/internal/crypto"
	"dangan/internal/custody"
	"dangan/internal/death"
	"dangan/internal/digital"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/double"
	"dangan/internal/feed"
	"dangan/internal/found"
	"dangan/internal/gate"
	"dangan/internal/graduate"
	"dangan/internal/guide"
	"dangan/internal/handin"
	"dangan/internal/hold"
	"dangan/internal/intake"
	"dangan/internal/jobs"
	"dangan/internal/kin"
	"dangan/internal/ledger"
	"dangan/internal/loan"
	"dangan/internal/mandate"
	"dangan/internal/message"
	"dangan/internal/oversight"
	"dangan/internal/policy"
	"dangan/internal/portal"
	"dangan/internal/prove"
	"dangan/internal/rating"
	"dangan/internal/register"
	"dangan/internal/retirement"
	"dangan/internal/roster"
	"dangan/internal/secrecy"
	"dangan/internal/setting"
	"dangan/internal/staff"
	"dangan/internal/standing"
	"dangan/internal/store"
	"dangan/internal/supplement"
	"dangan/internal/transfer"
	"dangan/internal/window"
	"dangan/internal/work"

	"golang.org/x/mod/sumdb/note"
)

// Config says where a province's data lies. Data always exists (keys, blobs and
// the published log lie in it); Database is empty for SQLite.
type Config struct {
	Data        string
	Database    string
	Demo        bool // synthetic data: no compulsory second factor
	ReadOnly    bool // verify: no migration, no job, no write
	BehindProxy bool
	Secure      bool                      // TLS in front of the cookie
	Public      string                    // address people reach the system at, for QR codes
	Senders     map[string]message.Sender // of messages to persons, by way
	Passwords   staff.Cost                // of new passwords; zero: staff.Strong
	Providers   []portal.Provider         // where units and persons sign in
	Version     string
	Clock       clock.Clock
	Log         *slog.Logger
}

// Instance is an open province.
type Instance struct {
	Config
	Keys         *crypto.Keyring
	DB           *store.DB
	Blobs        blob.Store
	Gate         *gate.Gate
	Settings     *setting.Desk
	Messages     *message.Desk
	Holds        *hold.Desk
	Collections  *collect.Desk
	Supplements  *supplement.Desk
	HandIns      *handin.Desk
	Portal       *portal.Desk
	Accounts     *account.Desk
	Secrecy      *secrecy.Desk
	Transfers    *transfer.Desk
	Mandates     *mandate.Desk
	Dossiers     *dossier.Desk
	Agencies     *agency.Registry
	Staff        *staff.Office
	Rosters      *roster.Desk
	Doubles      *double.Desk
	Graduates    *graduate.Desk
	Digital      *digital.Desk
	Standing     *standing.Desk
	reduced      blob.Store      // renderings of pages
	Press        *document.Press // issues papers inside the rooms' acts
	Documents    *document.Desk
	Jobs         *jobs.Queue
	Work         []work.Source                 // what waits for a member of staff, one source a room
	Finished     []work.Finished               // what was finished in a week, one source a room
	Parts        []work.Parts                  // cases a member of staff has a part in, one source a room
	Recounts     []func(context.Context) error // compute 暂定 terms anew once a year's holidays are loaded, one a room
	Custody      *custody.Desk
	Certificates *certificate.Desk
	Deaths       *death.Desk
	Retirements  *retirement.Desk
	Loans        *loan.Desk
	Feeds        *feed.Desk
	Found        *found.Desk
	Intakes      *intake.Desk
	Window       *window.Desk
	Ratings      *rating.Desk
	Consents     *consent.Desk
	Guide        *guide.Desk
	Access       *access.Desk
	Proofs       *prove.Desk
	Registers    *register.Desk
	Oversight    *oversight.Desk

	verifier note.Verifier // of the log
}

// KeysFolder is where keys lie in the data folder.
const KeysFolder = "keys"

// Paths inside the data folder.
func keysDir(data string) string  { return filepath.Join(data, KeysFolder) }
func blobsDir(data string) string { return filepath.Join(data, "blobs") }

// renderingsDir holds reduced pages; it may be emptied at any time and needs no backup.
func renderingsDir(data string) string { return filepath.Join(data, "renderings") }

// stagingDir holds deliveries uploaded from a browser until they are taken in; what
// lies in it can be sent again, so it needs no backup.
func stagingDir(data string) string { return filepath.Join(data, "staging") }

// ErrNoProvince says that the data folder holds no province yet.
var ErrNoProvince = errors.New("数据目录中还没有建立系统，请先运行 dangan init 或 dangan demo")

// Exists says whether the data folder holds a province's keys.
func Exists(data string) bool {
	_, err := os.Stat(keysDir(data))
	return err == nil
}

// Open opens a province whose keys exist. Close it.
func Open(ctx context.Context, cfg Config) (*Instance, error) {
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if !Exists(cfg.Data) {
		return nil, fmt.Errorf("%s: %w", cfg.Data, ErrNoProvince)
	}
	keys, err := crypto.Open(keysDir(cfg.Data))
	if err != nil {
		return nil, err
	}
	policies, err := policy.New()
	if err != nil {
		return nil, err
	}
	in := &Instance{Config: cfg, Keys: keys}
	if in.verifier, err = keys.LogVerifier(); err != nil {
		return nil, err
	}
	if in.DB, err = store.Open(ctx, store.Config{Dir: cfg.Data, URL: cfg.Database, Cipher: keys, ReadOnly: cfg.ReadOnly}); err != nil {
		return nil, err
	}
	if in.Blobs, err = blob.OpenFolder(blobsDir(cfg.Data), keys); err != nil {
		_ = in.DB.Close()
		return nil, err
	}
	if in.reduced, err = blob.OpenFolder(renderingsDir(cfg.Data), keys); err != nil {
		_ = in.DB.Close()
		return nil, err
	}
	in.Jobs = jobs.New(in.DB, cfg.Clock, cfg.Log)
	in.Gate = gate.New(gate.Config{DB: in.DB, Policies: policies, Auth: keys, Clock: cfg.Clock, Queue: in.Jobs, Log: cfg.Log,
		Calendar: func() *calendar.Calendar { return in.Settings.Calendar() },
		Sample:   func() bool { return in.Demo },
		Follow: func(tx *gate.Tx) error {
			if err := in.Mandates.Follow(tx); err != nil {
				return err
			}
			return in.Messages.Follow(tx)
		},
		Proof: func() time.Duration { return time.Duration(in.Settings.Int(setting.ProofMinutes)) * time.Minute }})
	in.Settings = setting.New(in.Gate)
	if err := in.Settings.Reload(ctx); err != nil {
		return nil, errors.Join(err, in.DB.Close())
	}
	in.Demo = in.Demo || in.Settings.IsDemo()
	in.rooms()
	in.followUps()
	return in, nil
}

// Create makes the keys of a new province and opens it.
func Create(ctx context.Context, cfg Config, province string) (*Instance, error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("create data folder: %w", err)
	}
	if _, err := crypto.Create(keysDir(cfg.Data), province); err != nil {
		return nil, err
	}
	return Open(ctx, cfg)
}

// rooms opens every room, the lower ones first.
func (in *Instance) rooms() {
	in.Agencies = agency.New(in.Gate)
	in.Work = append(in.Work, in.Agencies.Work)
	in.Staff = staff.New(in.Gate, in.Agencies, in.Settings, in.Keys, cmp.Or(in.Passwords, staff.Strong), in.Demo)
	in.Work = append(in.Work, in.Staff.Work)
	in.Jobs.Every("staff.unused", 24*time.Hour, in.Staff.SuspendUnused)
	in.Mandates = mandate.New(in.Gate, in.Settings, in.Keys)
	in.Mandates.Blobs = in.Blobs
	in.Work = append(in.Work, in.Mandates.Work)
	in.Press = &document.Press{Blobs: in.Blobs, Keys: in.Keys, Public: in.Public}
	in.Documents = document.NewDesk(in.Gate, in.Press)
	in.Dossiers = dossier.New(in.Gate, in.Agencies, in.Settings, in.Keys)
	in.Work = append(in.Work, in.Dossiers.Work)
	in.Custody = custody.New(in.Gate)
	in.Work = append(in.Work, in.Custody.Work)
	in.Dossiers.Press, in.Dossiers.Ask, in.Dossiers.Finish = in.Press, custody.Ask, custody.Finish
	in.Intakes = intake.New(in.Gate, in.Settings, in.Keys, in.Press, in.actorOf)
	in.Dossiers.Applications = dossier.Applications{
		Waive: func(tx *gate.Tx, id string) (func(error) error, error) {
			w, err := intake.Waived(tx.Context(), tx, id)
			return w.Pass, err
		},
		Take: func(tx *gate.Tx, id string, index []byte, ref string) error {
			return intake.Take(tx, id, intake.Whereabouts, ref, intake.OfPerson(index))
		},
		HandOver: func(tx *gate.Tx, personID string, q dossier.Inquiry, office string, self bool) error {
			return message.HandOver(tx, personID, "Inquiry:"+q.ID, "有人查询该同志的档案去向", office+"窗口受理（查询登记号 "+q.No+"），其经办人不在知悉范围之内，未作答复。请核实后与本人联系答复。", q.Contact, self)
		},
	}
	in.Work = append(in.Work, in.Intakes.Work)
	in.Jobs.Every("intake.sweep", time.Hour, in.Intakes.Sweep)
	in.Messages = message.New(in.Gate)
	in.Messages.Dead = func(ctx context.Context, q store.Querier, dossierID string) (bool, error) {
		_, dead, err := death.Of(ctx, q, dossierID)
		return dead, err
	}
	maps.Copy(in.Messages.Senders, in.Senders)
	in.Dossiers.Acts = append(in.Dossiers.Acts, in.Messages.Offers)
	in.Work = append(in.Work, in.Messages.Work)
	in.Jobs.Every("message.send", time.Minute, in.Messages.Send)
	in.Jobs.Every("message.remind", 24*time.Hour, in.Messages.Remind)
	in.Jobs.Every("message.forget", 24*time.Hour, in.Messages.Forget)
	in.Holds = hold.New(in.Gate)
	in.Dossiers.Cases = append(in.Dossiers.Cases, in.Holds.Cases)
	in.Dossiers.Acts = append(in.Dossiers.Acts, in.Holds.Offers)
	in.Work = append(in.Work, in.Holds.Work)
	in.Jobs.Every("hold.timers", time.Hour, in.Holds.Timers)
	in.Collections = collect.New(in.Gate, in.Press)
	in.Collections.ActorOf = in.actorOf
	in.Dossiers.Cases = append(in.Dossiers.Cases, in.Collections.Cases)
	in.Dossiers.Acts = append(in.Dossiers.Acts, in.Collections.Offers)
	in.Work = append(in.Work, in.Collections.Work)
	in.Jobs.Every("collection.settle", time.Minute, in.Collections.Settle)
	in.Jobs.Every("collection.remind", 24*time.Hour, in.Collections.Remind)
	in.HandIns = handin.New(handin.Config{Gate: in.Gate, Keys: in.Keys, Blobs: in.Blobs, Dossiers: in.Dossiers, Collections: in.Collections, Messages: in.Messages, Public: in.Public, Staging: stagingDir(in.Data)})
	in.Work = append(in.Work, in.HandIns.Work)
	in.Secrecy = secrecy.New(in.Gate)
	in.Staff.Need = secrecy.Need
	in.Staff.Kin = kin.Around
	in.Custody.Guard = secrecy.Shelf
	in.Dossiers.Cases = append(in.Dossiers.Cases, in.Secrecy.Cases)
	in.Dossiers.Acts = append(in.Dossiers.Acts, in.Secrecy.Offers)
	in.Work = append(in.Work, in.Secrecy.Work)
	in.Transfers = transfer.New(in.Gate, in.Agencies, in.Settings, in.Keys, in.Press, in.Custody)
	in.Transfers.Comparison = in.Dossiers.IssueComparison
	in.Documents.Share("Transfer", transfer.Parties)
	in.Documents.Share("Stray", transfer.StrayParties)
	in.Documents.Share("TransferList", transfer.ListParties)
	in.Dossiers.Cases = append(in.Dossiers.Cases, in.Transfers.About)
	in.Dossiers.Acts = append(in.Dossiers.Acts, in.Transfers.Offers)
	in.Work = append(in.Work, in.Transfers.Work)
	in.Recounts = append(in.Recounts, in.Transfers.Recount, in.Dossiers.Recount)
	in.Jobs.Every("transfer.timers", time.Hour, in.Transfers.Timers)
	in.Supplements = supplement.New(in.Gate, in.Settings, in.Press)
	in.Work = append(in.Work, in.Supplements.Work)
	in.Jobs.Every("supplement.timers", time.Hour, in.Supplements.Timers)
	in.Accounts = account.New(in.Gate, in.Press, in.Messages)
	in.Accounts.Start = in.Transfers.Start
	in.Accounts.Keys, in.Accounts.Public = in.Keys, in.Public
	in.Messages.Link = in.linkOf
	in.Messages.Reach = account.Reach
	in.Transfers.TellUnit = in.Accounts.TellUnit
	in.Messages.Applied = in.Transfers.Told
	in.Accounts.Dead = func(ctx context.Context, q store.Querier, dossierID string) (bool, error) {
		_, dead, err := death.Of(ctx, q, dossierID)
		return dead, err
	}
	in.Jobs.Every("account.adopt", 6*time.Hour, in.Accounts.Adopt)
	in.Collections.TellUnit = in.Accounts.TellUnit
	in.HandIns.TellUnit = in.Accounts.TellUnit
	in.Intakes.Online = account.Online
	in.Intakes.TellUnit = func(tx *gate.Tx, code, uscc, unit, template, matter, caseRef string) error {
		return in.Accounts.TellUnit(tx, code, account.Unit{USCC: uscc, Name: unit}, template, matter, caseRef)
	}
	in.Portal = portal.New(portal.Config{Gate: in.Gate, Keys: in.Keys, Collections: in.Collections, HandIns: in.HandIns, Intakes: in.Intakes, Withdraw: in.withdrawers(), Providers: in.Providers, Public: in.Public, Log: in.Log})
	in.Work = append(in.Work, in.Accounts.Work)
	in.Dossiers.Cases = append(in.Dossiers.Cases, in.Accounts.About, in.Accounts.PersonalCases)
	in.Dossiers.Acts = append(in.Dossiers.Acts, in.Accounts.Offers)
	in.Doubles = double.New(in.Gate, in.Keys)
	in.Rosters = roster.New(in.Gate, in.Keys, in.Blobs, in.Transfers, in.actorOf)
	in.Work = append(in.Work, in.Rosters.Work)
	in.Graduates = graduate.New(in.Gate, in.Keys, in.Press, in.Settings, in.Transfers, in.Messages)
	in.Work = append(in.Work, in.Graduates.Work)
	in.Jobs.Every("graduate.timers", time.Hour, in.Graduates.Timers)
	in.Dossiers.Numbers = append(in.Dossiers.Numbers, graduate.ByNumber)
	in.Digital = digital.New(in.Gate, in.Keys, in.Blobs, in.reduced, in.Settings)
	in.Digital.Staging, in.Digital.ActorOf = stagingDir(in.Data), in.actorOf
	in.Jobs.Handle(digital.JobUpload, in.Digital.HandleUpload)
	in.Jobs.Every("digital.sweep", time.Minute, in.Digital.SweepUploads)
	in.Work = append(in.Work, in.Digital.Work)
	in.Standing = standing.New(in.Gate, in.Settings, in.Keys, in.Dossiers, in.Press)
	in.Standing.Dead = in.Accounts.Dead
	in.Work = append(in.Work, in.Standing.Work)
	in.Dossiers.Cases = append(in.Dossiers.Cases, in.Standing.About)
	in.Dossiers.Acts = append(in.Dossiers.Acts, in.Standing.Offers)
	in.Access = access.New(in.Gate, in.Agencies, in.Settings, in.Keys, in.Press, in.Digital)
	in.Work = append(in.Work, in.Access.Work)
	in.Dossiers.Cases = append(in.Dossiers.Cases, in.Access.Cases)
	in.Dossiers.Acts = append(in.Dossiers.Acts, in.Access.Offers)
	in.Loans = loan.New(in.Gate, in.Agencies, in.Settings, in.Keys, in.Press)
	in.Loans.TellUnit = in.Accounts.TellUnit
	in.Work = append(in.Work, in.Loans.Work)
	in.Dossiers.Cases = append(in.Dossiers.Cases, in.Loans.Cases)
	in.Dossiers.Acts = append(in.Dossiers.Acts, in.Loans.Offers)
	in.Jobs.Every("loan.timers", time.Hour, in.Loans.Timers)
	in.Certificates = certificate.New(in.Gate, in.Agencies, in.Settings, in.Keys, in.Press)
	in.Dossiers.Acts = append(in.Dossiers.Acts, in.Certificates.Offers)
	in.Work = append(in.Work, in.Certificates.Work)
	in.Dossiers.Cases = append(in.Dossiers.Cases, in.Certificates.Cases)
	in.Deaths = death.New(in.Gate, in.Agencies, in.Settings, in.Keys, in.Press, in.Digital)
	in.Deaths.Confirmed = append(in.Deaths.Confirmed,
		account.Died,
		transfer.Died,
		supplement.Died,
		retirement.Died,
		loan.Died,
	)
	in.Deaths.Revoked = append(in.Deaths.Revoked, account.Revived)
	in.Dossiers.Acts = append(in.Dossiers.Acts, in.Deaths.Offers)
	in.Work = append(in.Work, in.Deaths.Work)
	in.Dossiers.Cases = append(in.Dossiers.Cases, in.Deaths.Cases)
	in.Retirements = retirement.New(in.Gate, in.Settings, in.Dossiers, in.Press)
	in.Dossiers.Acts = append(in.Dossiers.Acts, in.Retirements.Offers)
	in.Work = append(in.Work, in.Retirements.Work)
	in.Dossiers.Cases = append(in.Dossiers.Cases, in.Retirements.Cases)
	in.Found = found.New(in.Gate, in.Settings, in.Keys, in.Press, in.Transfers)
	in.Work = append(in.Work, in.Found.Work)
	in.Feeds = feed.New(in.Gate, in.Keys, in.Blobs, in.Collections, in.actorOf)
	in.Work = append(in.Work, in.Feeds.Work)
	in.Jobs.Handle(feed.JobRun, in.Feeds.HandleRun)
	in.Jobs.Every("feed.go_on", time.Minute, in.Feeds.GoOn)
	in.Window = window.New(in.Gate, in.Settings, in.Press, map[string]window.Reopener{"Transfer": transfer.Reinstate, "Consultation": access.Reinstate, "Loan": loan.Reinstate, "Certificate": certificate.Reinstate, "PersonCase": standing.Reinstate, "Supplement": supplement.Reinstate, "Intake": in.Intakes.Reinstate})
	in.Work = append(in.Work, in.Window.Work)
	in.Jobs.Every("window.escalate", time.Hour, in.Window.Escalate)
	in.Guide = guide.New(in.Agencies, in.Settings, in.Transfers)
	in.Ratings = rating.New(in.Gate, in.Settings, in.Documents, in.Messages)
	in.Work = append(in.Work, in.Ratings.Work)
	in.Jobs.Every("rating.remind", time.Hour, in.Ratings.Remind)
	in.Consents = consent.New(in.Gate, in.Agencies, in.Keys)
	in.Work = append(in.Work, in.Consents.Work)
	in.Finished = []work.Finished{in.Transfers.Finished, in.Dossiers.Finished, in.Access.Finished, in.Loans.Finished, in.Certificates.Finished}
	in.Parts = []work.Parts{in.Transfers.Parts, in.Dossiers.Parts, in.Access.Parts, in.Loans.Parts, in.Certificates.Parts}
	in.Registers = register.New(in.Gate, in.Agencies, in.Press, slices.Concat(
		in.Transfers.Registers(),
		in.Dossiers.Registers(),
		in.Access.Registers(),
		in.Loans.Registers(),
		in.Certificates.Registers(),
		in.Deaths.Registers(),
		in.Retirements.Registers(),
		in.Found.Registers(),
		in.Feeds.Registers(),
		in.Window.Registers(),
		in.Ratings.Registers(),
		in.Consents.Registers(),
		in.Custody.Registers(),
		in.Digital.Registers(),
		in.Graduates.Registers(),
		in.Accounts.Registers(),
		in.Secrecy.Registers(),
		in.Messages.Registers(),
		in.Standing.Registers(),
		in.Holds.Registers(),
		in.Collections.Registers(),
		in.HandIns.Registers(),
		in.Supplements.Registers(),
		in.Rosters.Registers(),
		in.Mandates.Registers(),
		in.Intakes.Registers(),
		[]register.Register{register.Agencies(in.Gate), register.Refusals(in.Gate, map[string]register.Reasons{"Transfer": transfer.Refusals, "Consultation": access.Refusals, "Loan": loan.Refusals, "Certificate": certificate.Refusals, "PersonCase": standing.Refusals, "Supplement": supplement.Refusals, "Intake": intake.Refusals})},
	)...)
	in.Oversight = &oversight.Desk{Gate: in.Gate, Agencies: in.Agencies, Dossiers: in.Dossiers, Rosters: in.Rosters, Transfers: in.Transfers, Supplements: in.Supplements,
		Collections: in.Collections, Window: in.Window, Ratings: in.Ratings, Registers: in.Registers}
	in.Jobs.Handle(access.CloseJob, in.Access.HandleClose)
	in.Jobs.Every("reading.sweep", time.Minute, in.Access.Sweep)
	in.Jobs.Handle(roster.JobCheck, in.Rosters.HandleCheck)
	in.Jobs.Handle(roster.JobRun, in.Rosters.HandleRun)
	in.Jobs.Every("roster.resume", time.Minute, in.Rosters.Resume)
	in.Jobs.Every("roster.forget", 24*time.Hour, in.Rosters.Forget)
	in.Transfers.Moved = append(in.Transfers.Moved,
		hold.Moved,
		graduate.Moved,
		death.Moved,
		retirement.Moved,
		loan.Moved,
	)
	in.Agencies.Succeed = append(in.Agencies.Succeed,
		custody.Succeed,
		mandate.Succeed,
		intake.Succeed,
		message.Succeed,
		hold.Succeed,
		collect.Succeed,
		handin.Succeed,
		secrecy.Succeed,
		transfer.Succeed,
		access.Succeed,
		loan.Succeed,
		certificate.Succeed,
		death.Succeed,
		retirement.Succeed,
		found.Succeed,
		feed.Succeed,
		window.Succeed,
		rating.Succeed,
		digital.Succeed,
		roster.Succeed,
		graduate.Succeed,
		standing.Succeed,
		account.Succeed,
	)
	in.Agencies.Hinder = append(in.Agencies.Hinder,
		custody.Holds,
		intake.Hinder,
		account.Hinder,
		transfer.Hinder,
		access.Hinder,
		loan.Hinder,
		certificate.Hinder,
		death.Hinder,
		retirement.Hinder,
		found.Hinder,
		digital.Hinder,
		roster.Hinder,
		graduate.Hinder,
		window.Hinder,
	)
	in.Agencies.Placed = append(in.Agencies.Placed,
		window.Place,
		rating.Place,
	)
	in.Agencies.Open = append(in.Agencies.Open,
		custody.UnderWay,
		intake.UnderWay,
		transfer.UnderWay,
		access.UnderWay,
		loan.UnderWay,
		certificate.UnderWay,
		hold.UnderWay,
		collect.UnderWay,
		handin.UnderWay,
		supplement.UnderWay,
		death.Registered,
		death.UnderWay,
		retirement.Reviewing,
		retirement.UnderWay,
		standing.UnderWay,
		found.UnderWay,
		window.UnderWay,
		rating.UnderWay,
		digital.UnderWay,
		roster.UnderWay,
		graduate.UnderWay,
	)
	in.Jobs.Every("agency.take_effect", time.Hour, in.Agencies.TakeEffect)
	in.proofs()
}

// Acts that are of no dossier have their names here, once a program.
func init() {
	dossier.NameActs(agency.ActNames)
	dossier.NameActs(prove.ActNames)
	dossier.NameActs(standing.ActNames)
	dossier.NameActs(register.ActNames)
}

// proofs opens the inspector's room.
func (in *Instance) proofs() {
	v := in.Vault()
	in.Proofs = prove.New(prove.Config{Gate: in.Gate, Files: in.Blobs, Dir: in.Data, Key: in.Keys.LogVerifierKey(), Verifier: in.verifier,
		Check: func(ctx context.Context, progress func(ledger.Progress)) (ledger.Report, error) {
			return v.Verify(ctx, nil, in.Clock.Now(), progress)
		}})
	dossier.NameActs(digital.ActNames)
	in.Jobs.Handle(prove.JobCheck, in.Proofs.HandleCheck)
	in.Jobs.Every("ledger.resume", time.Minute, in.Proofs.Resume)
}

// withdrawers take back what applications over the net became; the rooms are opened later.
func (in *Instance) withdrawers() map[string]portal.Withdrawer {
	return map[string]portal.Withdrawer{
		"Transfer": func(ctx context.Context, by policy.Actor, id string) error {
			_, err := in.Transfers.Withdraw(ctx, by, id, transfer.Withdrawal{})
			return err
		},
		"Certificate": func(ctx context.Context, by policy.Actor, id string) error {
			_, err := in.Certificates.Withdraw(ctx, by, id, "")
			return err
		},
		"Consultation": func(ctx context.Context, by policy.Actor, id string) error {
			_, err := in.Access.Withdraw(ctx, by, id, "")
			return err
		},
	}
}

// linkOf is the address of the one-time link that a message of a case carries.
func (in *Instance) linkOf(ctx context.Context, caseRef string) (string, error) {
	if id, ok := strings.CutPrefix(caseRef, "PersonalAccount:"); ok {
		return in.Accounts.Address(ctx, id)
	}
	return in.HandIns.Address(ctx, caseRef)
}

// actorOf is the actor of an account as it is now.
func (in *Instance) actorOf(ctx context.Context, staffID string) (policy.Actor, error) {
	m, err := staff.Get(ctx, in.DB, staffID)
	if err != nil {
		return policy.Actor{}, err
	}
	return in.Staff.ActorOf(ctx, m)
}

// followUps are those of no single room.
func (in *Instance) followUps() {
	in.Jobs.Handle(setting.Recount, func(ctx context.Context, _ []byte) error {
		for _, recount := range in.Recounts {
			if err := recount(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// Refresh reads again what this process keeps in memory and another may have
// changed: settings and the tree of agencies.
func (in *Instance) Refresh(ctx context.Context) error {
	in.Agencies.Forget()
	return in.Settings.Reload(ctx)
}

// Vault is a province's data opened for a whole check: nothing of it is trusted, so
// no setting is read, no migration and no job is run.
type Vault struct {
	Data  string
	Keys  *crypto.Keyring
	DB    *store.DB
	Blobs blob.Store
}

// OpenVault opens the data read-only. Close it.
func OpenVault(ctx context.Context, cfg Config) (*Vault, error) {
	if !Exists(cfg.Data) {
		return nil, fmt.Errorf("%s: %w", cfg.Data, ErrNoProvince)
	}
	v := &Vault{Data: cfg.Data}
	var err error
	if v.Keys, err = crypto.Open(keysDir(cfg.Data)); err != nil {
		return nil, err
	}
	if v.DB, err = store.Open(ctx, store.Config{Dir: cfg.Data, URL: cfg.Database, Cipher: v.Keys, ReadOnly: true}); err != nil {
		return nil, err
	}
	if v.Blobs, err = blob.OpenFolder(blobsDir(cfg.Data), v.Keys); err != nil {
		return nil, errors.Join(err, v.DB.Close())
	}
	return v, nil
}

// Close closes the database.
func (v *Vault) Close() error { return v.DB.Close() }

// Vault is the open province as a whole check sees it.
func (in *Instance) Vault() *Vault {
	return &Vault{Data: in.Data, Keys: in.Keys, DB: in.DB, Blobs: in.Blobs}
}

// Verify does the whole check. against is a checkpoint kept elsewhere, or nil.
func (v *Vault) Verify(ctx context.Context, against []byte, now time.Time, progress func(ledger.Progress)) (ledger.Report, error) {
	verifier, err := v.Keys.LogVerifier()
	if err != nil {
		return ledger.Report{}, err
	}
	return ledger.Verify(ctx, ledger.VerifyConfig{DB: v.DB, Dir: v.Data, Files: v.Blobs, Auth: v.Keys, Verifier: verifier, Against: against, Now: now, Progress: progress})
}

// Prove makes the proof of an act named by number, voucher or id.
func (v *Vault) Prove(ctx context.Context, name string) (ledger.Proof, error) {
	verifier, err := v.Keys.LogVerifier()
	if err != nil {
		return ledger.Proof{}, err
	}
	e, err := ledger.Find(ctx, v.DB, name)
	if err != nil {
		return ledger.Proof{}, err
	}
	return ledger.Prove(v.Data, verifier, v.Keys.LogVerifierKey(), e)
}

// Publish brings the published log to the last act: commands that end publish what they did.
func (in *Instance) Publish(ctx context.Context) error {
	p, err := ledger.NewPublisher(ledger.PublisherConfig{DB: in.DB, Dir: in.Data, Keys: in.Keys, Clock: in.Clock, Log: in.Log})
	if err != nil {
		return err
	}
	_, err = p.Publish(ctx)
	return err
}

// Close publishes what this process did, so that a command that ends leaves a
// checkpoint behind, and closes the database.
func (in *Instance) Close() error {
	var published error
	if !in.ReadOnly {
		published = in.Publish(context.Background())
	}
	return errors.Join(published, in.DB.Close())
}
