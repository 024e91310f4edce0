package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"yunhui/services/database"
	"yunhui/services/identity"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	registrystore "yunhui/services/registry/store"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/rules"
)

// operator makes an operator of a fresh installation, who then makes the other
// members of the authorities in the site. The password comes by standard input,
// never by the command line, where others could read it.
func operator(ctx context.Context, p *process, args []string) (err error) {
	var a registrystore.Application
	if err := p.options("operator", args, func(f *flag.FlagSet) {
		f.StringVar(&a.Person.Login, "login", "", "login name")
		f.StringVar(&a.Person.Name, "name", "", "name of the person")
		f.StringVar(&a.Declaration.Name, "organisation", "", "name of the operating organisation")
		f.StringVar(&a.Declaration.CreditCode, "credit-code", "", "its unified social credit code")
		f.StringVar(&a.Declaration.District, "district", "500103", "its district")
	}); err != nil {
		return err
	}
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && line == "" {
		return errors.New("give the password on standard input")
	}
	a.Person.Password = strings.TrimRight(line, "\r\n")
	a.Kind, a.Role = registry.KindAuthority, kernel.RoleOperator
	h, err := open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	office := registrystore.NewOffice(h.db, h.registry, h.identity)
	made, err := office.Enrol(asSystem(ctx), a)
	if err == nil {
		_, err = fmt.Fprintf(p.out, "operator %s of organisation %s\n", identity.NormalizeLogin(a.Person.Login), made.Organisation.ID)
	}
	return err
}

// publish puts policy documents out. A published version never changes.
func publish(ctx context.Context, p *process, args []string) (err error) {
	h, err := open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	for _, path := range args {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		doc, err := rules.Parse(text)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := database.Run(asSystem(ctx), h.db, "policy.publish", func(tx *database.Tx) error { return gazette.Publish(tx, doc) }); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if _, err := fmt.Fprintf(p.out, "%s version %d is published\n", doc.Code, doc.Version); err != nil {
			return err
		}
	}
	return nil
}

// appropriate votes money for a policy, once per act.
func appropriate(ctx context.Context, p *process, args []string) (err error) {
	var policy, scope, year, act string
	var fen int64
	if err := p.options("appropriate", args, func(f *flag.FlagSet) {
		f.StringVar(&policy, "policy", "", "code of the policy")
		f.StringVar(&scope, "scope", budget.City, "city, or a district")
		f.StringVar(&year, "year", "", "budget year; for the policy's whole term when left out")
		f.StringVar(&act, "act", "", "the act that votes it, e.g. its document number; the same act counts once")
		f.Int64Var(&fen, "fen", 0, "amount in fen")
	}); err != nil {
		return err
	}
	if _, ok := registry.FindDistrict(scope); !ok && scope != budget.City {
		return fmt.Errorf("scope %q is neither city nor a district", scope)
	}
	if year != "" && !budget.ValidYear(year) {
		return fmt.Errorf("year %q is not a year", year)
	}
	if act == "" {
		return errors.New("name the act")
	}
	h, err := open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if _, err := h.policies.Versions(ctx, policy); err != nil {
		return err
	}
	err = database.Run(asSystem(ctx), h.db, "budget.appropriate", func(tx *database.Tx) error {
		return budget.Vote(tx, act, budget.Fund{Policy: policy, Year: year}, scope, kernel.Fen(fen))
	})
	if err == nil {
		_, err = fmt.Fprintf(p.out, "¥%s for %s, %s\n", kernel.Fen(fen).Yuan(), policy, scope)
	}
	return err
}

func asSystem(ctx context.Context) context.Context {
	return kernel.WithCall(ctx, kernel.Call{Actor: kernel.System()})
}
